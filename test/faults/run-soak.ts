/**
 * `npm run soak -- [--streams 10000] [--parallel 200]`: the soak in full, and what memory it takes. In
 * bare workerd, since local servers around it keep what the Worker has logged. Linux.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { createKey } from '../../src/keys/store.ts'
import type { KeyValue } from '../../src/platform/key-value.ts'
import { buildBundle } from '../bench/runtime/bundle.ts'
import type { Worker, Workerd } from '../bench/runtime/workerd.ts'
import { startWorkerd } from '../bench/runtime/workerd.ts'
import { createAsk, keyFields, toCatalog } from './bench.ts'
import { answerWell } from './chat.ts'
import { scriptOfSoak, soak } from './soak.ts'
import { startUpstream } from './wire.ts'

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '10000' },
    parallel: { type: 'string', default: '200' },
  },
})
const streams = Number(values.streams)
/** What an isolate has in production: with more, V8 lets garbage lie. */
const maxHeapMib = 128
/** Memory may grow by so much after the first thousand. */
const maxGrowth = 1.2

const bundle = await buildBundle({ minify: true })
const upstream = await startUpstream((model) => scriptOfSoak(model) ?? answerWell)
const { key, kv } = await createKv(upstream.port)
const workerd = await startWorkerd({ ...bundle, vars: {}, kv, maxHeapMib })
try {
  process.exitCode = (await run(workerd)) ? 0 : 1
} finally {
  await workerd.stop()
  await upstream.stop()
  bundle.remove()
}

async function run({ pid, port }: Workerd): Promise<boolean> {
  const url = `http://127.0.0.1:${port}`
  const startedAt = Date.now()
  let afterFirst = 0
  const { ended, wrong, open } = await soak(
    { url, key, upstream, ask: createAsk(url, key) },
    { streams, parallel: Number(values.parallel) },
    (count) => {
      if (count === Math.min(1000, streams)) {
        afterFirst = residentMib(pid)
      }
      if (count % 1000 === 0) {
        console.log(`${count} streams, ${residentMib(pid)} MiB`)
      }
    },
  )
  const atEnd = residentMib(pid)
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1)
  wrong.slice(0, 10).forEach((line) => console.log(line))
  console.log(
    `${ended} streams in ${seconds} s: ${wrong.length} wrong, ${open} upstream connections open; ` +
      `memory ${afterFirst} MiB after the first thousand, ${atEnd} MiB at the end`,
  )
  return wrong.length === 0 && open === 0 && atEnd <= afterFirst * maxGrowth
}

function residentMib(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
  return Math.round((pages * 4096) / 2 ** 20)
}

/** The gateway's KV: a key, and the bench's catalog. */
async function createKv(port: number): Promise<{ key: string; kv: Worker['kv'] }> {
  const entries: Worker['kv'][string] = {}
  const keys: KeyValue = {
    get: async (name) => entries[name]?.value ?? null,
    list: async () => ({ keys: [], list_complete: true }),
    put: async (name, value, { metadata } = {}) => {
      entries[name] = { value, ...(metadata ? { metadata: JSON.stringify(metadata) } : {}) }
    },
  }
  const { key: minted } = await createKey(keys, keyFields, { now: new Date() })
  const catalog = { value: JSON.stringify(toCatalog(port, 1)) }
  return { key: minted, kv: { KEYS: entries, CATALOG: { catalog } } }
}
