/** Fits a table for every tokenizer to the texts in some folders, and writes it to src/tokens/tables/. */
import { join } from 'node:path'

import { readCorpus, readDeclarations, toCompact } from './corpus.ts'
import { fit, toPieces } from './fit.ts'
import { hash, isCjk, readFolder } from './texts.ts'
import type { Text } from './texts.ts'
import { tokenizers } from './tokenizers.ts'
import { toTranscripts } from './transcripts.ts'
import { toTable, writeTable } from './write-table.ts'

const TABLES = join(import.meta.dirname, '../../src/tokens/tables')

/** Slices of each kind of file in a folder. */
const EACH = 120
/** Slices of each category, so that none outweighs the others. */
const MOST = { code: 2500, prose: 1800, json: 800, cjk: 1600, other: 1000 } as const
type Category = keyof typeof MOST
const TRANSCRIPTS = 300

export function fitTables(folders: readonly string[]): void {
  const texts = readTexts(folders)
  const transcripts = toTranscripts(texts, TRANSCRIPTS)
  const all = [
    ...Object.values(texts).flatMap((some) => some.map(({ text }) => text)),
    ...texts.json.flatMap(({ text }) => toCompact(text)),
    ...texts.json.map(({ text }) => text.replaceAll(/\n\s*/g, '')),
    ...readDeclarations(),
    ...transcripts,
  ]
  for (const [category, { length }] of Object.entries(texts)) {
    console.log(`${category}: ${length} texts`)
  }
  console.log(`${all.join('').length} characters`)
  const pieces = toPieces(all)
  for (const [name, load] of Object.entries(tokenizers)) {
    writeTable(join(TABLES, `${name}.ts`), name, toTable(fit(pieces, load())))
    console.log(`${name}: written`)
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
