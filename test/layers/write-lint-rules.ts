/** `npm run layers`: writes the lint rules of the layer table; with `--check`, fails where they are out of date. */
import { readFileSync, writeFileSync } from 'node:fs'

import { toLintConfig } from './lint-rules.ts'

const file = '.oxlintrc.layers.json'
const text = `${JSON.stringify(toLintConfig(), null, 2)}\n`

if (!process.argv.includes('--check')) {
  writeFileSync(file, text)
} else if (readFileSync(file, 'utf8') !== text) {
  console.error(`${file} does not match layers.ts. Run: npm run layers`)
  process.exitCode = 1
}
