/**
 * Weights as they are kept in source: one character each, 87 steps from minus to plus the table's
 * largest weight, finer towards zero; `~` and a character stand for a stretch of zeros.
 */
import { SIZES } from './sights.ts'

/** A weight of one token. */
export const ONE = 4096

/** How many tokens each sight of a text adds, in `ONE`ths. */
export type Weights = Record<keyof typeof SIZES, Int16Array>

/** A tokenizer's weights, written by `npm run calibrate -- --fit`. */
export interface Table {
  /** The largest weight that a step stands for, in tokens. */
  largest: number
  pairs: string
  triples: string
  chars: string
  charPairs: string
  /** In `ONE`ths. */
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

/** Unpacks a table. */
export function toWeights({ largest, runs, ...packed }: Table): Weights {
  const steps = new Int16Array(128)
  for (let step = 0; step < STEPS.length; step++) {
    steps[STEPS.charCodeAt(step)] = Math.round(fromStep(step, largest) * ONE)
  }
  return {
    pairs: unpack(packed.pairs, SIZES.pairs, steps),
    triples: unpack(packed.triples, SIZES.triples, steps),
    chars: unpack(packed.chars, SIZES.chars, steps),
    charPairs: unpack(packed.charPairs, SIZES.charPairs, steps),
    runs: Int16Array.from(runs),
  }
}

/** By character code, since it goes over a whole table before anything can be counted. */
function unpack(packed: string, size: number, steps: Int16Array): Int16Array {
  const weights = new Int16Array(size)
  const zeros = ZEROS.charCodeAt(0)
  let slot = 0
  for (let index = 0; index < packed.length; index++) {
    const code = packed.charCodeAt(index)
    if (code === zeros) {
      index++
      slot += STEPS.indexOf(packed.charAt(index)) + 1
    } else {
      weights[slot] = steps[code] ?? 0
      slot++
    }
  }
  return weights
}
