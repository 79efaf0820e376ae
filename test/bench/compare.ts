/**
 * Targets side by side. The machine may be shared, so they take turns in short rounds, each round
 * gives one comparison, and the median of those is the figure.
 */
import type { Target } from './target.ts'

const names = ['floor', 'least', 'calls', 'peer', 'gateway'] as const
type Name = (typeof names)[number]

/**
 * `floor` is the identity proxy; `least`, which may be missing, the smallest Worker that translates at
 * all: where it comes near a limit, the machine is too busy to judge the gateway by that limit. `calls`
 * only makes the calls of the platform that a gateway makes. `peer` is another gateway.
 */
export type Targets = Readonly<Partial<Record<Name, Target>>>

/** One measurement of each target. */
export type Round<Sample> = Partial<Record<Name, Sample>>

/**
 * Measures all in turns, in both orders, after rounds that do not count: V8 compiles what has run some
 * hundred times anew.
 */
export async function compare<Sample>(
  targets: Targets,
  rounds: number,
  measure: (target: Target) => Promise<Sample>,
  warmUpRounds = 2,
): Promise<Round<Sample>[]> {
  const all: Round<Sample>[] = []
  for (let index = 0; index < rounds + warmUpRounds; index++) {
    const round: Round<Sample> = {}
    for (const name of index % 2 === 0 ? names : names.toReversed()) {
      const target = targets[name]
      if (target !== undefined) {
        round[name] = await measure(target)
      }
    }
    all.push(round)
  }
  return all.slice(warmUpRounds)
}

/** How many times `base` the gateway costs, and from which costs that was made. */
export function toRatio(
  rounds: readonly Round<number>[],
  base: 'floor' | 'least' | 'peer' = 'floor',
): { value: number; note: string } {
  const ratio = (name: Name, to: Name): number =>
    medianOf(rounds, (round) => round[name]! / round[to]!)
  const others = toOthers(rounds, (name) => `${ratio(name, 'floor').toFixed(2)}× the floor`)
  const costs = toCosts(rounds, base === 'peer' ? 'peer' : 'floor', 'µs', 1)
  return { value: ratio('gateway', base), note: costs + others }
}

/** By how much the gateway is above the floor. */
export function toExcess(rounds: readonly Round<number>[]): { value: number; note: string } {
  const excess = (name: Name): number => medianOf(rounds, (round) => round[name]! - round.floor!)
  const others = toOthers(rounds, (name) => `${excess(name).toFixed(2)} ms over`)
  return { value: excess('gateway'), note: toCosts(rounds, 'floor', 'ms', 2) + others }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
}

function toOthers(rounds: readonly Round<number>[], describe: (name: Name) => string): string {
  const others = (['least', 'calls'] as const).filter((name) => has(rounds, name))
  return others.map((name) => `; the ${name} is ${describe(name)}`).join('')
}

function toCosts(
  rounds: readonly Round<number>[],
  base: Name,
  unit: string,
  digits: number,
): string {
  const cost = (name: Name): string => medianOf(rounds, (round) => round[name]!).toFixed(digits)
  return `${cost('gateway')} ${unit} to ${cost(base)} ${unit}`
}

function medianOf(
  rounds: readonly Round<number>[],
  pick: (round: Round<number>) => number,
): number {
  return median(rounds.map(pick))
}

function has(rounds: readonly Round<number>[], name: Name): boolean {
  return rounds.every((round) => round[name] !== undefined)
}
