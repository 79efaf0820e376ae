/** What streams leave behind in memory, while they are open and afterwards. */
import { setTimeout as sleep } from 'node:timers/promises'

import { runBurst } from '../burst.ts'
import { openStream } from '../client.ts'
import type { Conversation } from '../conversation.ts'
import { agentSession } from '../conversation.ts'
import type { Figure } from '../figures.ts'
import { limits } from '../figures.ts'
import { openInspector } from '../runtime/inspector.ts'
import { residentKib } from '../runtime/process.ts'
import type { Workerd } from '../runtime/workerd.ts'
import type { Target } from '../target.ts'

/** How many are opened at once. */
const batch = 20
/** A stream is open before it has content. */
const untilContentMs = 500
/** They last for as long as the measuring takes, and longer. */
const spec = { pace: 'slow', chunks: 2000 } as const

interface Load {
  few: number
  many: number
  conversation?: Conversation
}

const usual: Load = { few: 200, many: 1000 }

/** Resident memory of one more open stream. Wants a fresh process. */
export async function measureOpenStreams(target: Target): Promise<Figure> {
  const slope = await toSlope(target, usual, ({ pid }) => settledKib(pid))
  return { name: 'memory of an open stream', limit: limits.streamKib, ...slope }
}

/** The same as the heap sees it, without garbage and without workerd's own. Wants an inspector. */
export async function measureLiveStreams(target: Target): Promise<Figure> {
  return { name: 'of that, what JavaScript holds', ...(await toSlope(target, usual, liveKib)) }
}

/** The same where the request was 400 KiB long: of it nothing is needed once there is content. */
export async function measureLiveSessions(target: Target): Promise<Figure> {
  const load = { few: 20, many: 60, conversation: agentSession }
  const slope = await toSlope(target, load, liveKib)
  return {
    name: 'the same, after a request of 400 KiB',
    limit: limits.sessionKib,
    ...slope,
  }
}

/** The slope between few and many open streams. */
async function toSlope(
  { workerd, toRequest }: Target,
  { few, many, conversation }: Load,
  measureKib: (workerd: Workerd) => Promise<number>,
): Promise<Pick<Figure, 'unit' | 'value' | 'note'>> {
  const request = toRequest(spec, true, conversation)
  const open = () => openStream(workerd.port, request)
  const streams: { close: () => void }[] = []
  const measureWith = async (count: number): Promise<number> => {
    while (streams.length < count) {
      streams.push(...(await Promise.all(Array.from({ length: batch }, open))))
    }
    await sleep(untilContentMs)
    return measureKib(workerd)
  }
  const withFew = await measureWith(few)
  const withMany = await measureWith(many)
  streams.forEach((stream) => stream.close())
  return {
    unit: ' KiB',
    value: (withMany - withFew) / (many - few),
    note: `${toMib(withFew)} MiB with ${few}, ${toMib(withMany)} MiB with ${many}`,
  }
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

/** What is left of the heap, buffers included, when the garbage has gone. */
async function liveKib(workerd: Workerd): Promise<number> {
  const inspector = await openInspector(workerd)
  let isCollected = false
  const collected = inspector.call('HeapProfiler.collectGarbage').then(() => (isCollected = true))
  while (!isCollected) {
    // It is collected between two tasks, so there must be some.
    await fetch(`http://127.0.0.1:${workerd.port}/`).then((response) => response.text())
    await sleep(50)
  }
  await collected
  const usage = (await inspector.call('Runtime.getHeapUsage')) as Record<string, number>
  inspector.close()
  return (usage['usedSize']! + usage['backingStorageSize']!) / 1024
}

/** What a thousand streams leave behind, once the heap has found its size. Wants a fresh process. */
export async function measureGrowth(target: Target): Promise<Figure> {
  const growth = await toGrowth(target, { warmUp: 3000, chunks: 200 }, ({ pid }) =>
    residentKib(pid),
  )
  return { name: 'memory gained by 1,000 streams', limit: limits.growthMib, ...growth }
}

/** The same as the heap sees it, which is steadier. Wants an inspector, which keeps a thousand log lines. */
export async function measureLeak(target: Target): Promise<Figure> {
  const growth = await toGrowth(target, { warmUp: 1200, chunks: 20 }, liveKib)
  return { name: 'of that, what JavaScript holds', limit: limits.leakMib, ...growth }
}

async function toGrowth(
  target: Target,
  { warmUp, chunks }: { warmUp: number; chunks: number },
  measureKib: (workerd: Workerd) => number | Promise<number>,
): Promise<Pick<Figure, 'unit' | 'value' | 'note'>> {
  const measureAfter = async (requests: number): Promise<number> => {
    const burst = { spec: { pace: 'coalesced', chunks }, stream: true, requests } as const
    await runBurst(target, { ...burst, connections: 4 })
    return measureKib(target.workerd)
  }
  const before = await measureAfter(warmUp)
  const after = await measureAfter(1000)
  const note = `${toMib(before)} MiB after ${warmUp}, then ${toMib(after)} MiB`
  return { unit: ' MiB', value: (after - before) / 1024, note }
}

function toMib(kib: number): string {
  return (kib / 1024).toFixed(0)
}
