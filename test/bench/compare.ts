/**
 * Two targets side by side. The machine may be shared, so they take turns in short rounds, each round
 * gives one comparison, and the median of those is the figure.
 */
import type { Target } from './target.ts'

export interface Pair {
  /** The identity proxy. */
  floor: Target
  gateway: Target
}

export interface Round<Sample> {
  floor: Sample
  gateway: Sample
}

/** Measures both in turns; the first two rounds warm up and are not counted. */
export async function compare<Sample>(
  { floor, gateway }: Pair,
  rounds: number,
  measure: (target: Target) => Promise<Sample>,
): Promise<Round<Sample>[]> {
  const all: Round<Sample>[] = []
  for (let round = 0; round < rounds + 2; round++) {
    if (round % 2 === 0) {
      all.push({ floor: await measure(floor), gateway: await measure(gateway) })
    } else {
      const first = await measure(gateway)
      all.push({ floor: await measure(floor), gateway: first })
    }
  }
  return all.slice(2)
}

/** How many times the floor the gateway costs. */
export function ratioOf<Sample>(rounds: Round<Sample>[], pick: (sample: Sample) => number): number {
  return median(rounds.map(({ floor, gateway }) => pick(gateway) / pick(floor)))
}

/** By how much the gateway costs more than the floor. */
export function excessOf<Sample>(
  rounds: Round<Sample>[],
  pick: (sample: Sample) => number,
): number {
  return median(rounds.map(({ floor, gateway }) => pick(gateway) - pick(floor)))
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
}
