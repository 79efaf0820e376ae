/** How many requests a second one isolate answers, and how long they wait at half of that. */
import { openClient } from '../client.ts'
import type { Figure } from '../figures.ts'
import type { Target } from '../target.ts'
import type { Spec } from '../upstream/spec.ts'

const steps = [1, 2, 4, 8, 16, 32, 64]
const stepMs = 2000
/** More connections that bring less than this much more are past the knee. */
const worthwhile = 1.05

interface Kind {
  name: string
  spec: Spec
  stream: boolean
}

const kinds: Kind[] = [
  { name: 'plain requests', spec: { pace: 'coalesced', chunks: 20 }, stream: false },
  { name: 'streams of 200 chunks', spec: { pace: 'coalesced', chunks: 200 }, stream: true },
]

/** The knee of the gateway in relation to the proxy's, and the p99 of both at half of their own knees. */
export async function measureLoad({
  floor,
  gateway,
}: {
  floor: Target
  gateway: Target
}): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const { name, spec, stream } of kinds) {
    const [proxy, own] = [await measure(floor, spec, stream), await measure(gateway, spec, stream)]
    const rates = `${own.perSecond.toFixed(0)}/s to ${proxy.perSecond.toFixed(0)}/s`
    const waits = `${own.p99Ms.toFixed(1)} ms to ${proxy.p99Ms.toFixed(1)} ms`
    figures.push(
      {
        name: `${name} at the knee`,
        unit: '×',
        value: own.perSecond / proxy.perSecond,
        note: rates,
      },
      {
        name: `${name}, p99 at half of it`,
        unit: '×',
        value: own.p99Ms / proxy.p99Ms,
        note: waits,
      },
    )
  }
  return figures
}

async function measure(
  target: Target,
  spec: Spec,
  stream: boolean,
): Promise<{ perSecond: number; p99Ms: number }> {
  const request = target.toRequest(spec, stream)
  const perSecond = await findKnee(target, request)
  const times = await runAt(target, request, perSecond / 2)
  return { perSecond, p99Ms: times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1]! }
}

/** The rate beyond which more connections bring hardly more answers. */
async function findKnee(target: Target, request: Buffer): Promise<number> {
  let best = 0
  for (const connections of steps) {
    const rate = await runWith(target, request, connections)
    if (rate < best * worthwhile) {
      return Math.max(best, rate)
    }
    best = rate
  }
  return best
}

/** Answers a second, each connection sending its next request as soon as it has an answer. */
async function runWith(target: Target, request: Buffer, connections: number): Promise<number> {
  const until = performance.now() + stepMs
  const counts = await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = await openClient(target.workerd.port)
      let answers = 0
      while (performance.now() < until) {
        await client.send(request)
        answers += 1
      }
      client.close()
      return answers
    }),
  )
  return (counts.reduce((sum, count) => sum + count, 0) * 1000) / stepMs
}

/**
 * Sends at a steady rate, whether or not earlier requests were answered. Returns the milliseconds from
 * when each request was due to its answer, so that a queue counts.
 */
async function runAt(target: Target, request: Buffer, perSecond: number): Promise<number[]> {
  const start = performance.now()
  const times: number[] = []
  let next = 0
  const total = Math.floor((perSecond * stepMs * 2) / 1000)
  await Promise.all(
    Array.from({ length: Math.max(...steps) }, async () => {
      const client = await openClient(target.workerd.port)
      while (next < total) {
        const dueAt = start + (next++ * 1000) / perSecond
        const earlyMs = dueAt - performance.now()
        if (earlyMs > 0) {
          await new Promise((resolve) => setTimeout(resolve, earlyMs))
        }
        await client.send(request)
        times.push(performance.now() - dueAt)
      }
      client.close()
    }),
  )
  return times
}
