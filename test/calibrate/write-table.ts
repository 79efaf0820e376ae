/** Writes fitted weights as a source file. */
import { writeFileSync } from 'node:fs'

import { featureCounts } from '../../src/tokens/features.ts'
import { stepCharacters, zeroStep, zerosMarker } from '../../src/tokens/weights.ts'
import type { RelatedVocabulary, Table } from '../../src/tokens/weights.ts'
import { FIRST } from './features.ts'

/** Weights beyond it are cut: at most a handful of rare features have them. */
const LARGEST = 2.5

/** Packs weights in the order of `FIRST`. */
export function toTable(weights: Float64Array): Table {
  const of = (kind: keyof typeof featureCounts): Float64Array =>
    weights.subarray(FIRST[kind], FIRST[kind] + featureCounts[kind])
  const sizes = weights.subarray(0, FIRST.runs).map(Math.abs)
  const largest = Number(sizes.reduce((a, b) => Math.max(a, b), 0).toFixed(3))
  const scale = Math.min(LARGEST, largest)
  return {
    largest: scale,
    pairs: pack(of('pairs'), scale),
    chars: pack(of('chars'), scale),
    runs: toRuns(of('runs')),
  }
}

/** In 64ths of a token: finer is noise, and longer to write. A weight beyond seven tokens is noise too. */
export function toRuns(weights: Float64Array): number[] {
  const runs = Array.from(weights, (weight) =>
    Math.round(Math.max(-7.5, Math.min(7.5, weight)) * 64),
  )
  return runs.slice(0, runs.findLastIndex((weight) => weight !== 0) + 1)
}

/** Writes a table under the name of its tokenizer. */
export function writeTable(path: string, name: string, table: Table): void {
  writeFileSync(
    path,
    `/** Weights of the ${name} tokenizer; written by npm run calibrate -- --fit. */
import type { Table } from '../weights.ts'

// oxfmt-ignore
/** The table of the ${name} tokenizer, from which those of others differ. */
export const ${name}: Table = ${toSource(table)}
`,
  )
}

/** Writes what other tokenizers differ in. */
export function writeRelatedVocabularies(
  path: string,
  relatedVocabularies: Record<string, RelatedVocabulary>,
): void {
  const entries = Object.entries(relatedVocabularies).map(
    ([name, one]) => `  ${name}: ${toSource(one)},`,
  )
  writeFileSync(
    path,
    `/** Other tokenizers, as they differ from the table; written by npm run calibrate -- --fit. */
import type { RelatedVocabulary } from '../weights.ts'

// oxfmt-ignore
/** The corrections of other tokenizers by their name. */
export const relatedVocabularies = {
${entries.join('\n')}
} as const satisfies Record<string, RelatedVocabulary>
`,
  )
}

/** Numbers in one line, strings in single quotes. */
function toSource(value: object): string {
  return JSON.stringify(value, null, 2)
    .replaceAll(/^( +)"(\w+)":/gm, '$1$2:')
    .replaceAll(/: "(.*)"/g, (_, text: string) => `: '${text.replaceAll(String.raw`\"`, '"')}'`)
    .replaceAll(/\s*\n +(-?\d+)(?=[,\n])/g, ' $1')
}

function pack(weights: Float64Array, largest: number): string {
  let packed = ''
  let zeros = 0
  for (const weight of weights) {
    const part = Math.max(-1, Math.min(1, weight / largest))
    const step = zeroStep + Math.round(Math.sign(part) * Math.sqrt(Math.abs(part)) * zeroStep)
    if (step === zeroStep) {
      zeros++
    } else {
      packed += toZeros(zeros) + stepCharacters.charAt(step)
      zeros = 0
    }
  }
  return packed
}

function toZeros(count: number): string {
  let text = ''
  for (let left = count; left > 0; left -= stepCharacters.length) {
    text += zerosMarker + stepCharacters.charAt(Math.min(left, stepCharacters.length) - 1)
  }
  return text
}
