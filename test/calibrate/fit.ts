/**
 * Fits a table of weights to a tokenizer: ridge regression over pieces of text of about 250 characters,
 * solved by conjugate gradients. A sight that is rare keeps nearly no weight of its own, and leaves the
 * count to the coarser ones; a character of a class never met counts as {@link PRIOR}.
 */
import { ALL, FIRST, toSights } from './features.ts'
import type { CountTokens } from './tokenizers.ts'

const PIECE = 250
/** Tokens for a character, before anything is known. */
const PRIOR = 0.3
const ROUNDS = 500
const ENOUGH = 1e-5

/** Pieces as a sparse matrix: row `r` has the slots from `starts[r]` to `starts[r + 1]`. */
export interface Pieces {
  texts: readonly string[]
  starts: Uint32Array
  slots: Uint16Array
}

/** Cuts texts into pieces, at line ends or spaces where there are some. */
export function toPieces(texts: readonly string[]): Pieces {
  const pieces = texts.flatMap(cut)
  const rows = pieces.map((text) => Uint16Array.from(toSights(text)))
  const starts = new Uint32Array(rows.length + 1)
  rows.forEach((row, index) => {
    starts[index + 1] = starts[index]! + row.length
  })
  const slots = new Uint16Array(starts[rows.length]!)
  rows.forEach((row, index) => {
    slots.set(row, starts[index])
  })
  return { texts: pieces, starts, slots }
}

/** The weights with which the pieces come nearest to what the tokenizer counts. */
export function fit(pieces: Pieces, count: CountTokens): Float64Array {
  const { texts, starts, slots } = pieces
  const ridge = toRidge()
  const weights = new Float64Array(ALL).fill(PRIOR, FIRST.runs)
  const diagonal = ridge.slice()
  const residual = new Float64Array(ALL)
  const scale = new Float64Array(texts.length)
  texts.forEach((text, row) => {
    const tokens = Math.max(1, count(text))
    // Long pieces may be off by more.
    scale[row] = 1 / tokens
    const sights = new Map<number, number>()
    let left = tokens
    for (const slot of slots.subarray(starts[row], starts[row + 1])) {
      sights.set(slot, (sights.get(slot) ?? 0) + 1)
      left -= weights[slot]!
    }
    for (const [slot, times] of sights) {
      diagonal[slot]! += times ** 2 / tokens
      residual[slot]! += (times * left) / tokens
    }
  })
  let step = residual.map((value, slot) => value / diagonal[slot]!)
  let size = dot(residual, step)
  const goal = size * ENOUGH ** 2
  for (let round = 0; round < ROUNDS && size > goal; round++) {
    const image = multiply(pieces, scale, ridge, step)
    const length = size / dot(step, image)
    for (let slot = 0; slot < ALL; slot++) {
      weights[slot]! += length * step[slot]!
      residual[slot]! -= length * image[slot]!
    }
    const conditioned = residual.map((value, slot) => value / diagonal[slot]!)
    const next = dot(residual, conditioned)
    const ratio = next / size
    step = step.map((value, slot) => conditioned[slot]! + ratio * value)
    size = next
  }
  return weights
}

/** The normal equations' matrix times a vector, without that matrix. */
function multiply(
  { starts, slots }: Pieces,
  scale: Float64Array,
  ridge: Float64Array,
  vector: Float64Array,
): Float64Array {
  const result = vector.map((value, slot) => value * ridge[slot]!)
  for (let row = 0; row < scale.length; row++) {
    const end = starts[row + 1]!
    let sum = 0
    for (let index = starts[row]!; index < end; index++) {
      sum += vector[slots[index]!]!
    }
    sum *= scale[row]!
    for (let index = starts[row]!; index < end; index++) {
      result[slots[index]!]! += sum
    }
  }
  return result
}

/** The finer a sight, the stronger it is drawn to zero. */
function toRidge(): Float64Array {
  return new Float64Array(ALL)
    .fill(3, FIRST.pairs)
    .fill(10, FIRST.triples)
    .fill(1, FIRST.chars)
    .fill(3, FIRST.charPairs)
    .fill(0.1, FIRST.runs)
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0)
}

function cut(text: string): string[] {
  const pieces: string[] = []
  for (let start = 0; start < text.length;) {
    let end = Math.min(text.length, start + PIECE)
    if (end < text.length) {
      const line = text.lastIndexOf('\n', end)
      const space = text.lastIndexOf(' ', end)
      end = line > start + PIECE / 2 ? line : space > start + PIECE / 2 ? space : end
      if (/[\ud800-\udbff]/.test(text[end - 1] ?? '')) {
        end--
      }
    }
    pieces.push(text.slice(start, end))
    start = end
  }
  return pieces
}
