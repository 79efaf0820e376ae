/** What streams leave behind in memory, while they are open and afterwards. */
import { setTimeout as sleep } from 'node:timers/promises'

import { runBurst } from '../burst.ts'
import { openStream } from '../client.ts'
import type { Figure } from '../figures.ts'
import { limits } from '../figures.ts'
import { residentKib } from '../process.ts'
import type { Target } from '../target.ts'

const fewStreams = 200
const manyStreams = 600
/** How many are opened at once. */
const batch = 20
/** They last for as long as the measuring takes, and longer. */
const spec = { pace: 'slow', chunks: 2000 } as const

/** Resident memory of one more open stream: the slope between few and many. Wants a fresh process. */
export async function measureOpenStreams({ workerd, toRequest }: Target): Promise<Figure> {
  const request = toRequest(spec, true)
  const open = () => openStream(workerd.port, request)
  const streams: { close: () => void }[] = []
  const residentWith = async (count: number): Promise<number> => {
    while (streams.length < count) {
      streams.push(...(await Promise.all(Array.from({ length: batch }, open))))
    }
    return settledKib(workerd.pid)
  }
  const few = await residentWith(fewStreams)
  const many = await residentWith(manyStreams)
  streams.forEach((stream) => stream.close())
  return {
    name: 'memory of an open stream',
    unit: ' KiB',
    limit: limits.streamKib,
    value: (many - few) / (manyStreams - fewStreams),
    note: `${toMib(few)} MiB with ${fewStreams}, ${toMib(many)} MiB with ${manyStreams}`,
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

/** What a thousand streams leave behind. Wants a fresh process. */
export async function measureGrowth(target: Target): Promise<Figure> {
  const residentAfter = async (requests: number): Promise<number> => {
    const burst = { spec: { pace: 'coalesced', chunks: 200 }, stream: true, requests } as const
    await runBurst(target, { ...burst, connections: 4 })
    return residentKib(target.workerd.pid)
  }
  const before = await residentAfter(1000)
  const after = await residentAfter(1000)
  return {
    name: 'memory gained by 1,000 streams',
    unit: ' MiB',
    limit: limits.growthMib,
    value: (after - before) / 1024,
    note: `${toMib(before)} MiB after 1,000, ${toMib(after)} MiB after 2,000`,
  }
}

function toMib(kib: number): string {
  return (kib / 1024).toFixed(0)
}
