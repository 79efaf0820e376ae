/** What streams leave behind in memory, while they are open and afterwards. */
import { setTimeout as sleep } from 'node:timers/promises'

import { runBurst } from '../burst.ts'
import { openStream } from '../client.ts'
import type { Figure } from '../figures.ts'
import { limits } from '../figures.ts'
import { openInspector } from '../inspector.ts'
import { residentKib } from '../process.ts'
import type { Target } from '../target.ts'
import type { Workerd } from '../workerd.ts'

const fewStreams = 200
const manyStreams = 600
/** How many are opened at once. */
const batch = 20
/** They last for as long as the measuring takes, and longer. */
const spec = { pace: 'slow', chunks: 2000 } as const

/** What one more open stream holds: the slope between few and many. Wants a fresh process with its inspector on. */
export async function measureOpenStreams({ workerd, toRequest }: Target): Promise<Figure[]> {
  const request = toRequest(spec, true)
  const open = () => openStream(workerd.port, request)
  const streams: { close: () => void }[] = []
  const measureWith = async (count: number): Promise<{ resident: number; live: number }> => {
    while (streams.length < count) {
      streams.push(...(await Promise.all(Array.from({ length: batch }, open))))
    }
    return { resident: await settledKib(workerd.pid), live: await liveKib(workerd) }
  }
  const few = await measureWith(fewStreams)
  const many = await measureWith(manyStreams)
  streams.forEach((stream) => stream.close())
  const toSlope = (kind: 'resident' | 'live') => ({
    unit: ' KiB',
    value: (many[kind] - few[kind]) / (manyStreams - fewStreams),
    note: `${toMib(few[kind])} MiB with ${fewStreams}, ${toMib(many[kind])} MiB with ${manyStreams}`,
  })
  return [
    { name: 'memory of an open stream', limit: limits.streamKib, ...toSlope('resident') },
    { name: 'of that, what JavaScript holds', ...toSlope('live') },
  ]
}

/** What is left of the heap, buffers included, when the garbage has gone. */
async function liveKib(workerd: Workerd): Promise<number> {
  const inspector = await openInspector(workerd)
  await inspector.call('HeapProfiler.collectGarbage')
  const usage = (await inspector.call('Runtime.getHeapUsage')) as Record<string, number>
  inspector.close()
  return (usage['usedSize']! + usage['backingStorageSize']!) / 1024
}

/** Resident memory once it has not grown by a hundredth for some seconds: garbage comes to a level. */
async function settledKib(pid: number): Promise<number> {
  let level = residentKib(pid)
  for (let seconds = 0, still = 0; seconds < 15 && still < 4; seconds++) {
    await sleep(1000)
    const now = residentKib(pid)
    still = now < level * 1.01 ? still + 1 : 0
    level = Math.max(level, now)
  }
  return level
}

const warmUpStreams = 3000
const thousands = 3

/** What a thousand streams leave behind, once the heap has found its size. Wants a fresh process. */
export async function measureGrowth(target: Target): Promise<Figure> {
  const residentAfter = async (requests: number): Promise<number> => {
    const burst = { spec: { pace: 'coalesced', chunks: 50 }, stream: true, requests } as const
    await runBurst(target, { ...burst, connections: 4 })
    return residentKib(target.workerd.pid)
  }
  const before = await residentAfter(warmUpStreams)
  const after = await residentAfter(thousands * 1000)
  return {
    name: 'memory gained by 1,000 streams',
    unit: ' MiB',
    limit: limits.growthMib,
    value: (after - before) / 1024 / thousands,
    note: `${toMib(before)} MiB, ${toMib(after)} MiB after ${thousands},000 more`,
  }
}

function toMib(kib: number): string {
  return (kib / 1024).toFixed(0)
}
