/**
 * A large batch over the demo from `npm start`, which is killed twice while it runs: every request has exactly one
 * result, and memory does not grow with the batch. `npm run test:batches -- [--items 10000]`
 */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

import Anthropic from '@anthropic-ai/sdk'

import type { Gateway } from '../cli/run.ts'
import { startGateway } from '../cli/run.ts'

/** The shares of the batch after which the gateway is killed. */
const killedAt = [0.25, 0.6]

/** What the runtime may use more in the end than at the beginning, in MB, however large the batch is. */
const mostGrowth = 100

const { values } = parseArgs({ options: { items: { type: 'string', default: '10000' } } })
const items = Number(values.items)
const state = await mkdtemp(join(tmpdir(), 'messages-gateway-batch-'))
let gateway: Gateway | undefined
try {
  await runBatch()
  console.log('passed')
} finally {
  await gateway?.interrupt()
  await rm(state, { recursive: true, force: true })
}

async function runBatch(): Promise<void> {
  gateway = await startGateway('--state', state)
  // The key stays valid over the runs of the gateway.
  const { key } = gateway
  const startedAt = Date.now()
  const { id } = await toClient(gateway, key).messages.batches.create({ requests: toRequests() })
  console.log(`${items} requests accepted in ${Date.now() - startedAt} ms`)
  const memory: number[] = []
  const kills = [...killedAt]
  for (;;) {
    const batch = await toClient(gateway, key).messages.batches.retrieve(id)
    const done = batch.request_counts.succeeded + batch.request_counts.errored
    memory.push(readMemory(gateway.group))
    if (batch.processing_status === 'ended') {
      break
    }
    const [next] = kills
    if (next !== undefined && done >= next * items) {
      kills.shift()
      await gateway.kill()
      console.log(`killed after ${done} results`)
      gateway = await startGateway('--state', state)
    }
    await sleep(500)
  }
  const seconds = (Date.now() - startedAt) / 1000
  console.log(`ended after ${seconds.toFixed(1)} s, ${(items / seconds).toFixed(0)} a second`)
  check(kills.length === 0, 'the batch ended before the gateway was killed twice')
  await checkResults(toClient(gateway, key), id)
  checkMemory(memory)
}

function toClient({ url }: Gateway, apiKey: string): Anthropic {
  return new Anthropic({ baseURL: url, apiKey })
}

function toRequests(): Anthropic.Messages.BatchCreateParams.Request[] {
  return Array.from({ length: items }, (_, index) => ({
    custom_id: `request-${index}`,
    params: {
      model: 'claude-sonnet-4-6',
      max_tokens: 64,
      messages: [{ role: 'user', content: toPrompt(index) }],
    },
  }))
}

function toPrompt(index: number): string {
  return `Say exactly: number ${index}`
}

/** The demo repeats the prompt, by which each result is recognized. */
async function checkResults(client: Anthropic, id: string): Promise<void> {
  const seen = new Set<string>()
  for await (const { custom_id: customId, result } of await client.messages.batches.results(id)) {
    check(!seen.has(customId), `${customId} has two results`)
    seen.add(customId)
    const index = Number(customId.replace('request-', ''))
    check(
      result.type === 'succeeded' &&
        JSON.stringify(result.message.content).includes(`number ${index}`),
      `${customId} has the result ${JSON.stringify(result).slice(0, 200)}`,
    )
  }
  check(seen.size === items, `${seen.size} results for ${items} requests`)
  console.log(`${seen.size} results, each once`)
}

/** The first third of the samples of a run warms up; what comes after it must not grow. */
function checkMemory(memory: readonly number[]): void {
  const third = Math.ceil(memory.length / 3)
  const [early, late] = [memory.slice(0, third), memory.slice(-third)].map((part) =>
    part.reduce((most, each) => Math.max(most, each), 0),
  )
  const growth = (late ?? 0) - (early ?? 0)
  console.log(`the runtime used ${early} MB at the beginning and ${late} MB in the end, at most`)
  check(growth <= mostGrowth, `memory has grown by ${growth} MB`)
}

/** The resident memory of workerd in MB. */
function readMemory(group: number): number {
  const lines = execFileSync('ps', ['-e', '-o', 'pgid=,rss=,comm='], { encoding: 'utf8' })
  const kilobytes = lines.split('\n').reduce((sum, line) => {
    const [, leader, rss] = /^\s*(\d+)\s+(\d+)\s+workerd/.exec(line) ?? []
    return Number(leader) === group ? sum + Number(rss) : sum
  }, 0)
  return Math.round(kilobytes / 1024)
}

function check(isRight: boolean, fault: string): void {
  if (!isRight) {
    throw new Error(fault)
  }
}
