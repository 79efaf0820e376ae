/** Fits a table for every tokenizer to the texts in some folders, and writes it to src/tokens/tables/. */
import { join } from 'node:path'

import { readCorpus } from './corpus.ts'
import { fit, toPieces } from './fit.ts'
import { readFolder } from './texts.ts'
import type { Text } from './texts.ts'
import { tokenizers } from './tokenizers.ts'
import { toTranscripts } from './transcripts.ts'
import { toTable, writeTable } from './write-table.ts'

const TABLES = join(import.meta.dirname, '../../src/tokens/tables')

/** Slices of each kind of file in a folder. */
const EACH = 60

export function fitTables(folders: readonly string[]): void {
  const checked = new Set(Object.values(readCorpus()).flat())
  const texts = folders.flatMap((folder) => readFolder(folder, EACH)).filter(({ text }) => !checked.has(text))
  const code = texts.filter(({ path }) => /\.(?:ts|js|py|go|rs|java|kt|c|h|cpp)$/.test(path))
  const prose = texts.filter(({ path }) => /\.(?:md|txt)$/.test(path))
  const json = texts.filter(({ path }) => path.endsWith('.json'))
  const all = [...plain(texts), ...json.map(toCompact), ...toTranscripts({ code, prose, json }, 300)]
  console.log(`${texts.length} texts, ${all.join('').length} characters`)
  const pieces = toPieces(all)
  for (const [name, load] of Object.entries(tokenizers)) {
    const count = load()
    const weights = fit(pieces, count)
    writeTable(join(TABLES, `${name}.ts`), name, toTable(weights))
    console.log(`${name}: written`)
  }
}

function toCompact({ text }: Text): string {
  return text.replaceAll(/\n\s*/g, '')
}

function plain(texts: readonly Text[]): string[] {
  return texts.map(({ text }) => text)
}
