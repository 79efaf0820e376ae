/**
 * Weights as they are kept in source: one character each, 87 steps from minus to plus the table's
 * largest weight, finer toward zero; `~` and a character stand for a stretch of zeros.
 */
import { SIZES } from './sights.ts'

/** A weight of one token. */
export const ONE = 4096

/** How many tokens each sight of a text adds, in `ONE`ths. */
export type Weights = Record<keyof typeof SIZES, Int16Array>

/** The weights of one tokenizer, written by `npm run calibrate -- --fit`. */
export interface Table {
  /** The largest weight that a step stands for, in tokens. */
  largest: number
  pairs: string
  chars: string
  /** In 64ths of a token; what is not listed is zero. */
  runs: readonly number[]
}

/** Another tokenizer, as it differs from the one whose table is kept whole. */
export interface Relative {
  /** What the table's weights are multiplied with. */
  pairs: number
  chars: number
  /** As in a table; instead of its own. */
  runs: readonly number[]
}

/** Printable, without quotes and backslashes. */
export const STEPS = Array.from({ length: 91 }, (_, index) => String.fromCharCode(35 + index))
  .filter((character) => !/['\\`]/.test(character))
  .slice(0, 87)
  .join('')
export const ZERO = (STEPS.length - 1) / 2
export const ZEROS = '~'

/** The weight that a step stands for, in tokens. */
export function fromStep(step: number, largest: number): number {
  const part = (step - ZERO) / ZERO
  return part * Math.abs(part) * largest
}

/** Unpacks a table, for the tokenizer that it was fitted to or for a relative. */
export function toWeights({ largest, runs, ...packed }: Table, relative?: Relative): Weights {
  const steps = toSteps(largest)
  return {
    pairs: unpack(packed.pairs, SIZES.pairs, scaled(steps, relative?.pairs ?? 1)),
    chars: unpack(packed.chars, SIZES.chars, scaled(steps, relative?.chars ?? 1)),
    runs: toRuns(relative?.runs ?? runs),
  }
}

function toRuns(listed: readonly number[]): Int16Array {
  const runs = new Int16Array(SIZES.runs)
  runs.set(listed.map((weight) => weight * (ONE / 64)))
  return runs
}

function toSteps(largest: number): Float64Array {
  const steps = new Float64Array(128)
  for (let step = 0; step < STEPS.length; step++) {
    steps[STEPS.charCodeAt(step)] = fromStep(step, largest) * ONE
  }
  return steps
}

function scaled(steps: Float64Array, by: number): Int16Array {
  return Int16Array.from(steps, (weight) => Math.round(weight * by))
}

function unpack(packed: string, size: number, steps: Int16Array): Int16Array {
  const weights = new Int16Array(size)
  let slot = 0
  for (let index = 0; index < packed.length; index++) {
    if (packed.charAt(index) === ZEROS) {
      index++
      slot += STEPS.indexOf(packed.charAt(index)) + 1
    } else {
      weights[slot] = steps[packed.charCodeAt(index)] ?? 0
      slot++
    }
  }
  return weights
}
