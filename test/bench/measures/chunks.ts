/** What one chunk of a stream costs, in CPU. */
import type { Burst } from '../burst.ts'
import { runBurst } from '../burst.ts'
import type { Round, Targets } from '../compare.ts'
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
  steady: { spec: { pace: 'steady', chunks: 100 }, stream: true, requests: 50, connections: 50 },
} as const satisfies Record<string, Burst>

/** Where answers are translated, for every way in which chunks may come. */
export async function measureChunks(targets: Targets, rounds: number): Promise<Figure[]> {
  const measure = (burst: Burst) => measureBurst(targets, rounds, burst)
  return [
    { name: 'chunk, many a write', limit: limits.coalesced, ...(await measure(bursts.coalesced)) },
    { name: 'chunk, one a write', limit: limits.single, ...(await measure(bursts.single)) },
    { name: 'chunk, one a millisecond', limit: limits.drip, ...(await measure(bursts.drip)) },
  ]
}

/** Fifty streams at the pace of models, in relation to the least that translates. */
export async function measureSteady(targets: Targets, rounds: number): Promise<Figure> {
  const burst = bursts.steady
  const results = await measureCosts(targets, rounds, burst)
  const figure = toRatio(results, 'least')
  return { name: 'chunk, one in 10 ms, over the least', unit: '×', limit: limits.steady, ...figure }
}

/** Where answers pass through; told, not limited. */
export async function measurePassedChunks(
  name: string,
  targets: Targets,
  rounds: number,
): Promise<Figure[]> {
  const measure = (burst: Burst) => measureBurst(targets, rounds, burst)
  return [
    { name: `${name}, many a write`, ...(await measure(bursts.coalesced)) },
    { name: `${name}, one a millisecond`, ...(await measure(bursts.drip)) },
  ]
}

async function measureBurst(
  targets: Targets,
  rounds: number,
  burst: Burst,
): Promise<Pick<Figure, 'unit' | 'value' | 'note'>> {
  return { unit: '×', ...toRatio(await measureCosts(targets, rounds, burst)) }
}

/** Microseconds of CPU for each chunk. */
function measureCosts(targets: Targets, rounds: number, burst: Burst): Promise<Round<number>[]> {
  const chunks = burst.requests * burst.spec.chunks
  return compare(targets, rounds, async (target) => {
    const { cpuMs } = await runBurst(target, burst)
    return (cpuMs * 1000) / chunks
  })
}
