/** Writes fitted weights as a source file. */
import { writeFileSync } from 'node:fs'

import { SIZES } from '../../src/tokens/sights.ts'
import { ONE, STEPS, ZERO, ZEROS } from '../../src/tokens/weights.ts'
import type { Table } from '../../src/tokens/weights.ts'
import { FIRST } from './features.ts'

/** Weights beyond it are cut: at most a handful of rare sights have them. */
const LARGEST = 2.5

/** Packs weights in the order of `FIRST`. */
export function toTable(weights: Float64Array): Table {
  const of = (kind: keyof typeof SIZES): Float64Array =>
    weights.subarray(FIRST[kind], FIRST[kind] + SIZES[kind])
  const sizes = weights.subarray(0, FIRST.runs).map(Math.abs)
  const largest = Number(sizes.reduce((a, b) => Math.max(a, b), 0).toFixed(3))
  const scale = Math.min(LARGEST, largest)
  return {
    largest: scale,
    pairs: pack(of('pairs'), scale),
    triples: pack(of('triples'), scale),
    chars: pack(of('chars'), scale),
    charPairs: pack(of('charPairs'), scale),
    runs: Array.from(of('runs'), (weight) => Math.round(weight * ONE)),
  }
}

export function writeTable(path: string, name: string, table: Table): void {
  writeFileSync(
    path,
    `/** Weights of the ${name} tokenizer; written by npm run calibrate -- --fit. */
import type { Table } from '../weights.ts'

// oxfmt-ignore
export const ${name}: Table = ${JSON.stringify(table, null, 2)
      .replaceAll(/^ {2}"(\w+)":/gm, '  $1:')
      .replaceAll(
        /: "(.*)"/g,
        (_, packed: string) => `: '${packed.replaceAll(String.raw`\"`, '"')}'`,
      )
      .replaceAll(/\s*\n {4}(-?\d+)/g, ' $1')}
`,
  )
}

function pack(weights: Float64Array, largest: number): string {
  let packed = ''
  let zeros = 0
  for (const weight of weights) {
    const part = Math.max(-1, Math.min(1, weight / largest))
    const step = ZERO + Math.round(Math.sign(part) * Math.sqrt(Math.abs(part)) * ZERO)
    if (step === ZERO) {
      zeros++
    } else {
      packed += toZeros(zeros) + STEPS.charAt(step)
      zeros = 0
    }
  }
  return packed
}

function toZeros(count: number): string {
  let text = ''
  for (let left = count; left > 0; left -= STEPS.length) {
    text += ZEROS + STEPS.charAt(Math.min(left, STEPS.length) - 1)
  }
  return text
}
