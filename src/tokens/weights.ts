/**
 * Weights as stored in source: one character per weight, quantized to 87 steps from minus to plus the
 * table's largest weight, finer toward zero. `~` and a character encode a run of zeros.
 */
import { featureCounts } from './features.ts'

/** The integer weight of one token: weights are fixed-point numbers. */
export const unitsPerToken = 4096

/** Tokens that each feature contributes, in units of 1/{@link unitsPerToken} token. */
export type Weights = Record<keyof typeof featureCounts, Int16Array>

/** The weights of one tokenizer, written by `npm run calibrate -- --fit`. */
export interface Table {
  /** The largest weight of a step, in tokens. */
  largest: number
  pairs: string
  chars: string
  /** The weights in 64ths of a token; those beyond the list are zero. */
  runs: readonly number[]
}

/** A tokenizer's weights, expressed as factors over those of the tokenizer with a full table. */
export interface RelatedVocabulary {
  /** Factor on the table's pair weights. */
  pairs: number
  chars: number
  /** The weights as in {@link Table}, in place of the table's. */
  runs: readonly number[]
}

/** Printable, without quotes and backslashes. */
export const stepCharacters = Array.from({ length: 91 }, (_, index) =>
  String.fromCharCode(35 + index),
)
  .filter((character) => !/['\\`]/.test(character))
  .slice(0, 87)
  .join('')

/** The step that means zero. */
export const zeroStep = (stepCharacters.length - 1) / 2

/** The character that begins a run of zeros. */
export const zerosMarker = '~'

/** Decodes a quantization step into a weight in tokens. */
export function fromStep(step: number, largest: number): number {
  const part = (step - zeroStep) / zeroStep
  return part * Math.abs(part) * largest
}

/** Unpacks a table, for the tokenizer that it was fitted to or for a related vocabulary. */
export function toWeights(
  { largest, runs, ...packed }: Table,
  related?: RelatedVocabulary,
): Weights {
  const steps = toSteps(largest)
  return {
    pairs: unpack(packed.pairs, featureCounts.pairs, scaled(steps, related?.pairs ?? 1)),
    chars: unpack(packed.chars, featureCounts.chars, scaled(steps, related?.chars ?? 1)),
    runs: toRuns(related?.runs ?? runs),
  }
}

function toRuns(listed: readonly number[]): Int16Array {
  const runs = new Int16Array(featureCounts.runs)
  runs.set(listed.map((weight) => weight * (unitsPerToken / 64)))
  return runs
}

function toSteps(largest: number): Float64Array {
  const steps = new Float64Array(128)
  for (let step = 0; step < stepCharacters.length; step++) {
    steps[stepCharacters.charCodeAt(step)] = fromStep(step, largest) * unitsPerToken
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
    if (packed.charAt(index) === zerosMarker) {
      index++
      slot += stepCharacters.indexOf(packed.charAt(index)) + 1
    } else {
      weights[slot] = steps[packed.charCodeAt(index)] ?? 0
      slot++
    }
  }
  return weights
}
