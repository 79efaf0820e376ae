/**
 * Fits a table of weights to a tokenizer: ridge regression over pieces of text of about 400 characters,
 * solved by conjugate gradients. Weights of rare features are drawn toward zero, and so to what the runs
 * say; the runs themselves are free.
 */
import { firstWideClass, longestRun, featureCounts } from '../../src/tokens/features.ts'
import { ALL, FIRST, toSights } from './features.ts'

const PIECE = 400
const ROUNDS = 150
const ENOUGH = 1e-4

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
export function fit(pieces: Pieces, tokens: Float64Array): Float64Array {
  const rows: Rows = { starts: pieces.starts, columns: pieces.slots }
  return solveFrom(toPrior(0), rows, tokens, toRidge())
}

/** Draws weights to what is likely instead of to zero. */
export function solveFrom(
  prior: Float64Array,
  rows: Rows,
  tokens: Float64Array,
  ridge: Float64Array,
): Float64Array {
  const { starts, columns, values } = rows
  const rest = tokens.map((value, row) => {
    let sum = 0
    for (let index = starts[row]!; index < starts[row + 1]!; index++) {
      sum += prior[columns[index]!]! * (values?.[index] ?? 1)
    }
    return value - sum
  })
  const fitted = solve(rows, rest, ridge, tokens)
  return fitted.map((value, column) => value + prior[column]!)
}

/** A script that the texts do not have is taken for one of half a token a character. */
export function toPrior(scales: number): Float64Array {
  const prior = new Float64Array((scales === 0 ? FIRST.runs : scales) + featureCounts.runs)
  const wide = prior.length - featureCounts.runs + firstWideClass * (longestRun + 1)
  return prior.fill(1, 0, scales).fill(0.5, wide)
}

/** A sparse matrix: row `r` has the columns from `starts[r]` to `starts[r + 1]`, with these values or ones. */
export interface Rows {
  starts: Uint32Array
  columns: Uint16Array
  values?: Float64Array
}

/** Ridge regression on errors relative to the truth, by conjugate gradients. */
export function solve(
  { starts, columns, values }: Rows,
  tokens: Float64Array,
  ridge: Float64Array,
  truth: Float64Array = tokens,
): Float64Array {
  const count = starts.length - 1
  const scale = truth.map((value) => 1 / value)
  const valueAt = (index: number): number => values?.[index] ?? 1
  const multiply = (vector: Float64Array): Float64Array => {
    const result = vector.map((value, column) => value * ridge[column]!)
    for (let row = 0; row < count; row++) {
      let sum = 0
      for (let index = starts[row]!; index < starts[row + 1]!; index++) {
        sum += vector[columns[index]!]! * valueAt(index)
      }
      sum *= scale[row]! ** 2
      for (let index = starts[row]!; index < starts[row + 1]!; index++) {
        result[columns[index]!]! += sum * valueAt(index)
      }
    }
    return result
  }
  const diagonal = ridge.slice()
  const residual = new Float64Array(ridge.length)
  for (let row = 0; row < count; row++) {
    const sums = new Map<number, number>()
    for (let index = starts[row]!; index < starts[row + 1]!; index++) {
      sums.set(columns[index]!, (sums.get(columns[index]!) ?? 0) + valueAt(index))
    }
    for (const [column, sum] of sums) {
      diagonal[column]! += (sum * scale[row]!) ** 2
      residual[column]! += sum * scale[row]! ** 2 * tokens[row]!
    }
  }
  const weights = new Float64Array(ridge.length)
  let step = residual.map((value, column) => value / diagonal[column]!)
  let size = dot(residual, step)
  const goal = size * ENOUGH ** 2
  for (let round = 0; round < ROUNDS && size > goal; round++) {
    const image = multiply(step)
    const length = size / dot(step, image)
    weights.forEach((_, column) => {
      weights[column]! += length * step[column]!
      residual[column]! -= length * image[column]!
    })
    const conditioned = residual.map((value, column) => value / diagonal[column]!)
    const next = dot(residual, conditioned)
    const ratio = next / size
    step = step.map((value, column) => conditioned[column]! + ratio * value)
    size = next
  }
  return weights
}

/** The finer a sight, the stronger it is drawn to zero. */
function toRidge(): Float64Array {
  return new Float64Array(ALL)
    .fill(0.004, FIRST.pairs)
    .fill(0.004, FIRST.chars)
    .fill(0.004, FIRST.runs)
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
