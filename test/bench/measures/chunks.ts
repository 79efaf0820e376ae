/** What one chunk of a stream costs, in CPU. */
import type { Burst } from '../burst.ts'
import { runBurst } from '../burst.ts'
import type { Targets } from '../compare.ts'
import { compare, toRatio } from '../compare.ts'
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
  // As long as the answers of models, so that the request itself is a small part of it.
  steady: { spec: { pace: 'steady', chunks: 400 }, stream: true, requests: 50, connections: 50 },
} as const satisfies Record<string, Burst>

/** Where answers are translated, for every way in which chunks may come: over the least that translates. */
export async function measureChunks(targets: Targets, rounds: number): Promise<Figure[]> {
  const measure = (burst: Burst) => measureBurst(targets, rounds, burst, 'least')
  return [
    { name: 'chunk, many a write', limit: limits.coalesced, ...(await measure(bursts.coalesced)) },
    { name: 'chunk, one a write', limit: limits.single, ...(await measure(bursts.single)) },
    { name: 'chunk, one a millisecond', limit: limits.drip, ...(await measure(bursts.drip)) },
  ]
}

/** Fifty streams at the pace of models. */
export async function measureSteady(targets: Targets, rounds: number): Promise<Figure> {
  const figure = await measureBurst(targets, rounds, bursts.steady, 'least')
  return { name: 'chunk, one in 10 ms', limit: limits.steady, ...figure }
}

/** Where answers pass through; without a limit. */
export async function measurePassedChunks(
  name: string,
  targets: Targets,
  rounds: number,
): Promise<Figure[]> {
  const measure = (burst: Burst) => measureBurst(targets, rounds, burst, 'floor')
  return [
    { name: `${name}, many a write`, ...(await measure(bursts.coalesced)) },
    { name: `${name}, one a millisecond`, ...(await measure(bursts.drip)) },
  ]
}

async function measureBurst(
  targets: Targets,
  rounds: number,
  burst: Burst,
  base: 'floor' | 'least',
): Promise<Pick<Figure, 'unit' | 'value' | 'note'>> {
  const chunks = burst.requests * burst.spec.chunks
  const results = await compare(targets, rounds, async (target) => {
    const { cpuMs } = await runBurst(target, burst)
    return (cpuMs * 1000) / chunks
  })
  return { unit: '×', ...toRatio(results, base) }
}
