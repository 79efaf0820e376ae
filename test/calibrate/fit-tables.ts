/** Fits a table for every tokenizer to the texts in some folders, and writes it to src/tokens/tables/. */
import { join } from 'node:path'

import { featureCounts } from '../../src/tokens/features.ts'
import { unitsPerToken, toWeights } from '../../src/tokens/weights.ts'
import type { RelatedVocabulary, Table } from '../../src/tokens/weights.ts'
import { readCorpus } from './corpus.ts'
import { FIRST } from './features.ts'
import { fit, solveFrom, toPieces, toPrior } from './fit.ts'
import type { Pieces } from './fit.ts'
import { hash, isCjk, readFolder } from './texts.ts'
import type { Text } from './texts.ts'
import { tokenizers } from './tokenizers.ts'
import { toTranscripts } from './transcripts.ts'
import { toRuns, toTable, writeRelatedVocabularies, writeTable } from './write-table.ts'

const TABLES = join(import.meta.dirname, '../../src/tokens/tables')

/** Slices of each kind of file in a folder. */
const EACH = 80
/** Slices of each category, so that none outweighs the others. */
const MOST = { code: 1300, prose: 900, json: 500, cjk: 900, other: 500 } as const
type Category = keyof typeof MOST
const TRANSCRIPTS = 300

export function fitTables(folders: readonly string[]): void {
  const texts = readTexts(folders)
  const transcripts = toTranscripts(texts, TRANSCRIPTS)
  const compact = texts.json.map(({ text }) => text.replaceAll(/\n\s*/g, ''))
  const all = [
    ...Object.values(texts).flatMap((some) => some.map(({ text }) => text)),
    ...compact,
    ...transcripts,
  ]
  for (const [category, { length }] of Object.entries(texts)) {
    console.log(`${category}: ${length} texts`)
  }
  console.log(`${all.join('').length} characters`)
  const pieces = toPieces(all)
  const { o200k: loadBase, ...others } = tokenizers
  const table = toTable(fit(pieces, countAll(pieces, loadBase!())))
  writeTable(join(TABLES, 'o200k.ts'), 'o200k', table)
  console.log('o200k: written')
  const relatedVocabularies = Object.entries(others).map(([name, load]) => {
    console.log(`${name}: fitted`)
    return [name, fitRelative(pieces, countAll(pieces, load()), table)] as const
  })
  writeRelatedVocabularies(
    join(TABLES, 'related-vocabularies.ts'),
    Object.fromEntries(relatedVocabularies),
  )
}

function countAll({ texts }: Pieces, count: (text: string) => number): Float64Array {
  return Float64Array.from(texts, (text) => Math.max(1, count(text)))
}

/** Two columns are what the table's pairs and chars come to; the others are the runs. */
function fitRelative(
  { texts, starts, slots }: Pieces,
  tokens: Float64Array,
  table: Table,
): RelatedVocabulary {
  const weights = toWeights(table)
  const all = [...weights.pairs, ...weights.chars]
  const [columns, values]: [number[], number[]] = [[], []]
  const rowStarts = new Uint32Array(texts.length + 1)
  for (let row = 0; row < texts.length; row++) {
    const sums = new Map<number, number>([
      [0, 0],
      [1, 0],
    ])
    for (const slot of slots.subarray(starts[row], starts[row + 1])) {
      const column = slot >= FIRST.runs ? 2 + slot - FIRST.runs : slot >= FIRST.chars ? 1 : 0
      const value = column < 2 ? all[slot]! / unitsPerToken : 1
      sums.set(column, (sums.get(column) ?? 0) + value)
    }
    for (const [column, value] of sums) {
      columns.push(column)
      values.push(value)
    }
    rowStarts[row + 1] = columns.length
  }
  const fitted = solveFrom(
    toPrior(2),
    { starts: rowStarts, columns: Uint16Array.from(columns), values: Float64Array.from(values) },
    tokens,
    new Float64Array(2 + featureCounts.runs).fill(0.004),
  )
  const [pairs, chars] = fitted
  return {
    pairs: Number(pairs!.toFixed(3)),
    chars: Number(chars!.toFixed(3)),
    runs: toRuns(fitted.subarray(2)),
  }
}

/** What is in the folders, without what the check uses. */
function readTexts(folders: readonly string[]): Record<Category, Text[]> {
  const checked = new Set(Object.values(readCorpus()).flat())
  const texts: Record<Category, Text[]> = { code: [], prose: [], json: [], cjk: [], other: [] }
  const found = folders
    .flatMap((folder) => readFolder(folder, EACH))
    .filter(({ text }) => !checked.has(text))
    .sort((a, b) => (hash(a.path) < hash(b.path) ? -1 : 1))
  for (const text of found) {
    const some = texts[toCategory(text)]
    if (some.length < MOST[toCategory(text)]) {
      some.push(text)
    }
  }
  return texts
}

function toCategory({ path, text }: Text): Category {
  if (isCjk(text)) {
    return 'cjk'
  }
  if ((text.match(/[^\0-\x7f]/g)?.length ?? 0) > text.length / 50) {
    return 'other'
  }
  if (path.endsWith('.json')) {
    return 'json'
  }
  return /\.(?:\w*[jt]sx?|s?css|less|pyi?|go|rs|java|kt|swift|rb|cs|php|sh|sql|c|h|cc|hh?|[ch]pp|mm?|pl|pm|lua|vue|ya?ml|toml|map)$/.test(
    path,
  )
    ? 'code'
    : 'prose'
}
