/**
 * `npm run calibrate` measures the estimator against real tokenizers and exits with 1 where a figure is
 * not met. `npm run calibrate -- --fit FOLDER...` first fits the tables anew, to the texts in the folders.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { createCounter } from '../../src/tokens/counter.ts'
import { margins, tables } from '../../src/tokens/tokenizers.ts'
import { toWeights } from '../../src/tokens/weights.ts'
import { readCorpus } from './corpus.ts'
import { writeCounts } from './counts.ts'
import { fitTables } from './fit-tables.ts'
import { measure, toRow } from './measure.ts'
import { tokenizers } from './tokenizers.ts'

const HERE = import.meta.dirname
const MEAN_WITHIN = 0.05
const LOWEST = -0.03

if (!existsSync(join(HERE, 'node_modules'))) {
  execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: HERE, stdio: 'inherit' })
}

const [flag, ...folders] = process.argv.slice(2)
if (flag === '--fit') {
  fitTables(folders)
  writeCounts()
  process.exit(0)
}

const corpus = readCorpus()
let met = true
console.log('| Tokenizer | Texts | Samples | Mean error | Standard deviation | Lowest | Highest |')
console.log('| --- | --- | --- | --- | --- | --- | --- |')
for (const name of Object.keys(tables) as (keyof typeof tables)[]) {
  const count = tokenizers[name]!()
  const weights = toWeights(tables[name])
  const estimate = (text: string): number => {
    const counter = createCounter(weights)
    counter.add(text)
    return counter.total() * margins[name]
  }
  for (const [category, samples] of Object.entries(corpus)) {
    const figures = measure(samples, estimate, count)
    console.log(toRow([name, category], figures))
    met &&= Math.abs(figures.mean) <= MEAN_WITHIN && figures.lowest >= LOWEST
  }
}
if (!met) {
  console.error('Not met: a mean error within 5 %, no sample more than 3 % too low')
  process.exitCode = 1
}
