/** Writes a table of weights as a source file. */
import { writeFileSync } from 'node:fs'

import { RUNS } from '../../src/tokens/slots.ts'
import { STEPS, ZERO, ZEROS } from '../../src/tokens/weights.ts'
import type { Table } from '../../src/tokens/weights.ts'

/** Weights beyond these are cut: only a handful of rare sights have them. */
const LARGEST = 2.5

export function toTable(weights: Float64Array): Table {
  const largest = Math.min(LARGEST, weights.subarray(0, RUNS).reduce((a, b) => Math.max(a, Math.abs(b)), 0))
  let sights = ''
  let zeros = 0
  for (const weight of weights.subarray(0, RUNS)) {
    const part = Math.max(-1, Math.min(1, weight / largest))
    const step = ZERO + Math.round(Math.sign(part) * Math.sqrt(Math.abs(part)) * ZERO)
    if (step === ZERO) {
      zeros++
      continue
    }
    sights += toZeros(zeros) + STEPS.charAt(step)
    zeros = 0
  }
  return {
    largest,
    sights,
    runs: Array.from(weights.subarray(RUNS), (weight) => Math.round(weight * 1000)),
  }
}

export function writeTable(path: string, name: string, { largest, sights, runs }: Table): void {
  writeFileSync(
    path,
    `/** Weights of the ${name} tokenizer; written by npm run calibrate -- --fit. */
import type { Table } from '../weights.ts'

// oxfmt-ignore
export const ${name}: Table = {
  largest: ${largest.toFixed(4)},
  sights:
    '${sights}',
  runs: [${runs.join(',')}],
}
`,
  )
}

function toZeros(count: number): string {
  let text = ''
  for (let left = count; left > 0; left -= STEPS.length) {
    text += ZEROS + STEPS.charAt(Math.min(left, STEPS.length) - 1)
  }
  return text
}
