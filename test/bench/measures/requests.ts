/** What one request costs, and how long it makes a client wait. */
import { runBurst } from '../burst.ts'
import type { Pair } from '../compare.ts'
import { compare, excessOf, median } from '../compare.ts'
import type { Figure } from '../figures.ts'
import { limits } from '../figures.ts'
import { wordsOf } from '../upstream/answers.ts'

const plainRequests = 150

/** A small request that is answered in one piece. */
export async function measurePlain(pair: Pair, rounds: number): Promise<Figure[]> {
  const results = await compare(pair, rounds, async (target) => {
    const { cpuMs, exchanges } = await runBurst(target, {
      spec: { pace: 'coalesced', chunks: 20 },
      stream: false,
      requests: plainRequests,
      connections: 1,
    })
    return { cpuMs: cpuMs / plainRequests, p50: median(exchanges.map(({ totalMs }) => totalMs)) }
  })
  const told = (pick: (sample: { cpuMs: number; p50: number }) => number): string => {
    const [floor, gateway] = (['floor', 'gateway'] as const).map((which) =>
      median(results.map((round) => pick(round[which]))).toFixed(2),
    )
    return `${gateway} ms to ${floor} ms`
  }
  const cpu = { value: excessOf(results, ({ cpuMs }) => cpuMs), note: told(({ cpuMs }) => cpuMs) }
  const wait = { value: excessOf(results, ({ p50 }) => p50), note: told(({ p50 }) => p50) }
  return [
    { name: 'plain request, CPU over floor', unit: ' ms', limit: limits.plainCpuMs, ...cpu },
    { name: 'plain request, p50 over floor', unit: ' ms', limit: limits.plainMs, ...wait },
  ]
}

/** How much later the first text of a stream is with the client. */
export async function measureFirstEvent(pair: Pair, rounds: number): Promise<Figure> {
  const results = await compare(pair, rounds, async (target) => {
    const { exchanges } = await runBurst(target, {
      spec: { pace: 'first', chunks: 20 },
      stream: true,
      requests: 40,
      connections: 1,
      lookFor: `"${wordsOf(1)[0]}"`,
    })
    return median(exchanges.map(({ firstMs }) => firstMs))
  })
  const [floor, gateway] = (['floor', 'gateway'] as const).map((which) =>
    median(results.map((round) => round[which])).toFixed(2),
  )
  return {
    name: 'first text, over floor',
    unit: ' ms',
    limit: limits.firstEventMs,
    value: excessOf(results, (firstMs) => firstMs),
    note: `${gateway} ms to ${floor} ms`,
  }
}
