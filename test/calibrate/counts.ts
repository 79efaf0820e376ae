/** The true counts of the texts that the tests carry, for tokenizers that the tests do not. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { tokenizers } from './tokenizers.ts'

const CORPUS = join(import.meta.dirname, '../tokens/corpus')

/** Writes `counts.json`: by text and tokenizer. */
export function writeCounts(): void {
  const texts = readdirSync(CORPUS).filter((name) => name.endsWith('.txt'))
  const count = Object.entries(tokenizers).map(([name, load]) => [name, load()] as const)
  const counts = texts.map((text) => {
    const content = readFileSync(join(CORPUS, text), 'utf8')
    return [text, Object.fromEntries(count.map(([name, counted]) => [name, counted(content)]))]
  })
  writeFileSync(
    join(CORPUS, 'counts.json'),
    `${JSON.stringify(Object.fromEntries(counts), null, 2)}\n`,
  )
}
