/**
 * `npm run reference`: generates reference files from the source. With `--check` nothing is
 * written, and outdated files are an error.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

import { presets } from '../providers/index.ts'
import { createProgram, runProgram, UserError } from './platform/run-command.ts'
import { projectRoot } from './platform/wrangler.ts'
import { toCatalogSchema } from './reference/catalog-schema.ts'
import { readFieldDocs } from './reference/doc-comments.ts'
import { toPresetsPage } from './reference/presets-page.ts'
import { toQuirksPage } from './reference/quirks-page.ts'

const program = createProgram(
  'npm run reference --',
  'Writes docs/reference/{catalog.schema.json,presets.md,quirks.md} from the source.',
)
  .option('--check', 'write nothing; fail where a file has fallen behind')
  .action(writeReference)

await runProgram(program)

async function writeReference({ check = false }: { check?: boolean }): Promise<void> {
  const docs = readFieldDocs([
    ...['catalog', 'model', 'price', 'provider', 'server-tools', 'sign-in'].map(
      (part) => `src/catalog/schema/${part}.ts`,
    ),
    'src/dialects/shared/conversation/body-quirks.ts',
    'src/dialects/shared/thinking/thinking-quirks.ts',
    'src/dialects/shared/tools/function-quirks.ts',
    'src/dialects/shared/tools/search-quirks.ts',
    ...['anthropic', 'bedrock', 'gemini', 'openai-chat', 'openai-responses'].map(
      (dialect) => `src/dialects/${dialect}/quirks.ts`,
    ),
  ])
  const files = {
    'catalog.schema.json': `${JSON.stringify(toCatalogSchema(docs), null, 2)}\n`,
    'presets.md': toPresetsPage(Object.values(presets)),
    'quirks.md': toQuirksPage(docs),
  }
  for (const [name, text] of Object.entries(files)) {
    const path = resolve(projectRoot, 'docs/reference', name)
    if (!check) {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
    } else if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
      throw new UserError(
        `docs/reference/${name} has fallen behind the source: run npm run reference.`,
      )
    }
  }
}
