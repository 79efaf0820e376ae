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
/** For as long as the measuring takes, and longer. */
const slow = { pace: 'slow', chunks: 2000 } as const

/** Resident memory of one more open stream: the slope between few and many. Wants a fresh process. */
export async function measureOpenStreams(target: Target): Promise<Figure> {
  const { pid, port } = target.workerd
  const request = target.toRequest(slow, true)
  const streams: { close: () => void }[] = []
  const residentWith = async (count: number): Promise<number> => {
    while (streams.length < count) {
      streams.push(await openStream(port, request))
    }
    await sleep(3000)
    return residentKib(pid)
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

/** What a thousand streams leave behind. Wants a fresh process. */
export async function measureGrowth(target: Target): Promise<Figure> {
  const { pid } = target.workerd
  const residentAfter = async (requests: number): Promise<number> => {
    const spec = { pace: 'coalesced', chunks: 200 } as const
    await runBurst(target, { spec, stream: true, requests, connections: 4 })
    return residentKib(pid)
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
