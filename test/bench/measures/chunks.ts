/** What one chunk of a stream costs. */
import type { Burst } from '../burst.ts'
import { runBurst } from '../burst.ts'
import type { Pair } from '../compare.ts'
import { compare, median, ratioOf } from '../compare.ts'
import type { Figure } from '../figures.ts'
import { limits } from '../figures.ts'

const bursts = {
  coalesced: {
    spec: { pace: 'coalesced', chunks: 5000 },
    stream: true,
    requests: 6,
    connections: 1,
  },
  single: { spec: { pace: 'single', chunks: 2500 }, stream: true, requests: 3, connections: 1 },
  drip: { spec: { pace: 'drip', chunks: 400 }, stream: true, requests: 10, connections: 10 },
} as const satisfies Record<string, Burst>

/** CPU per chunk where answers are translated, for every way in which chunks may come. */
export async function measureChunks(pair: Pair, rounds: number): Promise<Figure[]> {
  return [
    {
      name: 'chunk, many a write',
      limit: limits.coalesced,
      ...(await measure(pair, rounds, bursts.coalesced)),
    },
    {
      name: 'chunk, one a write',
      limit: limits.single,
      ...(await measure(pair, rounds, bursts.single)),
    },
    {
      name: 'chunk, one a millisecond',
      limit: limits.drip,
      ...(await measure(pair, rounds, bursts.drip)),
    },
  ]
}

/** The same where answers pass through; told, not limited. */
export async function measurePassedChunks(
  name: string,
  pair: Pair,
  rounds: number,
): Promise<Figure[]> {
  return [
    { name: `${name}, many a write`, ...(await measure(pair, rounds, bursts.coalesced)) },
    { name: `${name}, one a millisecond`, ...(await measure(pair, rounds, bursts.drip)) },
  ]
}

async function measure(
  pair: Pair,
  rounds: number,
  burst: Burst,
): Promise<Pick<Figure, 'unit' | 'value' | 'note'>> {
  const results = await compare(
    pair,
    rounds,
    async (target) => (await runBurst(target, burst)).cpuMs,
  )
  const chunks = burst.requests * burst.spec.chunks
  const [floor, gateway] = (['floor', 'gateway'] as const).map((which) =>
    ((median(results.map((round) => round[which])) / chunks) * 1000).toFixed(1),
  )
  return {
    unit: '×',
    value: ratioOf(results, (cpu) => cpu),
    note: `${gateway} µs to ${floor} µs of CPU`,
  }
}
