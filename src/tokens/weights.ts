/**
 * Weights as they are kept in source: one character each, 87 steps from minus to plus the table's
 * largest weight, finer towards zero; `~` and a character stand for a stretch of zeros.
 */
import { LONGEST_RUN, RUNS, WEIGHTS } from './slots.ts'

/** A tokenizer's table, written by `npm run calibrate -- --fit`. */
export interface Table {
  largest: number
  /** All weights before the runs'. */
  sights: string
  /** The weight of each class at each place of a run, in thousandths. */
  runs: readonly number[]
}

/** Without quotes and backslashes, so that a table is a plain string. */
export const STEPS = Array.from({ length: 91 }, (_, index) => String.fromCharCode(35 + index))
  .filter((character) => !`'\\\``.includes(character))
  .slice(0, 87)
  .join('')
export const ZERO = (STEPS.length - 1) / 2
export const ZEROS = '~'

/** The weight that a step stands for. */
export function fromStep(step: number, largest: number): number {
  const part = (step - ZERO) / ZERO
  return part * Math.abs(part) * largest
}

/** Unpacks a table. */
export function toWeights({ largest, sights, runs }: Table): Float32Array {
  const weights = new Float32Array(WEIGHTS)
  const values = new Map(
    Array.from(STEPS, (character, step) => [character, fromStep(step, largest)]),
  )
  let slot = 0
  for (let index = 0; index < sights.length; index++) {
    const character = sights.charAt(index)
    if (character === ZEROS) {
      index++
      slot += STEPS.indexOf(sights.charAt(index)) + 1
    } else {
      weights[slot] = values.get(character) ?? 0
      slot++
    }
  }
  runs.forEach((thousandths, index) => {
    weights[RUNS + index] = thousandths / 1000
  })
  return weights
}
