import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { layers, sources } from '../../layers.ts'
import {
  findCircles,
  findClocks,
  findCrowdedFolders,
  findLooseFiles,
  findThinFiles,
  findUpwardImports,
  findVendorNames,
  readImports,
} from './check-layers.ts'

/** Names that a model family, a wire field or an English word shares with a vendor. */
const sharedNames = [
  /** Tokenizers are named after the models that use them. */
  /^tokens\/\S+ contains deepseek$/,
  /** A value of the quirk `tool_ids` in catalogs. */
  /^dialects\/\S+ contains kimi$/,
  /** The wire field `x_groq`. */
  /^dialects\/openai-chat\/\S+ contains groq$/,
  /** The prefix of a kind of API key. */
  /^dialects\/shared\/errors\/redact.ts contains xai$/,
]

/** Short files with one importer that stand for themselves. */
const thinByRule = [
  /** Data, one file a vendor or vocabulary. */
  /^providers\/vendors\/|^tokens\/tables\//,
  /** The tables of a Durable Object. */
  /\/schema\.ts$/,
  /** A route or a middleware a file. */
  /^http\/routes\/|^http\/(?:answer-console|router)\.ts$|\/same-origin\.ts$/,
  /** The code of a dialect, as every dialect has it. */
  /^dialects\/[\w-]+\/translation\.ts$/,
  /** A part of a page that runs in the browser, one file each. */
  /^console\/client\/copy\.ts$/,
  /** Rules of others: Anthropic's names of files, UTF-16. */
  /^files\/file-name\.ts$|\/whole-characters\.ts$/,
  /** What a request does not need is behind this file. */
  /^exchange\/recording\/start-recording\.ts$/,
]

describe('the layers of src', () => {
  test('the layers of src are listed in docs/architecture.md, highest first', () => {
    const document = readFileSync('docs/architecture.md', 'utf8')
    const table = /## Layers\n(.*?)\n## /s.exec(document)?.[1] ?? ''
    const rooms = [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, room]) => room)
    expect(rooms).toEqual(layers.map(({ room }) => room).toReversed())
  })

  const imports = readImports('src')

  test('the layers of src are imported downward only, by files that are each in a layer', () => {
    expect(imports.length).toBeGreaterThan(1000)
    expect(findLooseFiles('src')).toEqual([])
    expect(findUpwardImports(imports)).toEqual([])
  })

  test('the layers of src have no circle between the files and folders of any folder', () => {
    expect(findCircles(imports)).toEqual([])
  })

  test('src names no vendor outside src/providers, except where a name is shared', () => {
    const found = findVendorNames('src')
    expect(found.filter((each) => !sharedNames.some((shared) => shared.test(each)))).toEqual([])
    expect(sharedNames.filter((shared) => !found.some((each) => shared.test(each)))).toEqual([])
  })

  test('every folder of src and test has at most 15 files', () => {
    const crowded = ['src', 'test'].flatMap(findCrowdedFolders)
    // One vendor, one file: a list by name, in which nobody reads on.
    expect(crowded.filter((folder) => !folder.startsWith('src/providers/vendors '))).toEqual([])
  })

  test('src has no short file with one importer, except where a rule allows it', () => {
    const thin = findThinFiles('src', 'test')
    expect(thin.filter((file) => !thinByRule.some((rule) => rule.test(file)))).toEqual([])
    expect(thinByRule.filter((rule) => !thin.some((file) => rule.test(file)))).toEqual([])
  })

  test('the layers of src get the time as an argument', () => {
    expect(findClocks('src', sources)).toEqual([])
  })
})

/** Violations by file, each with what must report it. */
const planted: Record<string, string> = {
  'anthropic/planted-upward.ts': `import { presets } from '../providers/index.ts'\nexport const all = presets\n`,
  'tokens/planted-type.ts': `import type { LedgerObject } from '../ledger/ledger-object.ts'\nexport type Upward = LedgerObject\n`,
  'keys/planted-type.ts': `import type { Exchange } from '../exchange/exchange.ts'\nexport type Upward = Exchange\n`,
  'streaming/planted-upward.ts': `export * from '../upstream/send.ts'\n`,
  'providers/planted-lazy.ts': `export const load = async () => import('../catalog/parse.ts')\n`,
  'exchange/planted-http.ts': `import type { AppEnv } from '../http/env.ts'\nexport type Upward = AppEnv\n`,
  'exchange/policy/planted-exchange.ts': `import type { Exchange } from '../exchange.ts'\nexport type Upward = Exchange\n`,
  'http/planted-cli.ts': `export { runProgram } from '../cli/platform/run-command.ts'\n`,
  'dialects/gemini/planted-dialect.ts': `export { bedrock } from '../bedrock/index.ts'\n`,
  'exchange/planted-hono.ts': `import type { Context } from 'hono'\nexport type Request = Context\n`,
  'demo/planted-hono.ts': `import { Hono } from 'hono/tiny'\nexport const app = new Hono()\n`,
  'http/planted-node.ts': `import { readFileSync } from 'node:fs'\nexport const read = readFileSync\n`,
  'keys/planted-workers.ts': `export { env } from 'cloudflare:workers'\n`,
  'exchange/policy/planted-clock.ts': `export const now = Date.now()\n`,
  'upstream/planted-clock.ts': `export const now = Date.now()\n`,
  'catalog/planted-date.ts': `export const now = new Date()\n`,
  'dialects/shared/planted-random.ts': `export const roll = (): number => Math.random()\n`,
  'dialects/bedrock/planted-crypto.ts': `export const id = (): string => crypto.randomUUID()\n`,
  'tokens/planted-fetch.ts': `export const load = async (): Promise<Response> => fetch('https://example.com')\n`,
  'anthropic/planted-timer.ts': `export const later = (run: () => void): unknown => setTimeout(run, 1)\n`,
  'exchange/planted-vendor.ts': `export const isKnown = (name: string): boolean => name === 'mistral'\n`,
  'upstream/planted-vendor.ts': `export const openrouterHeaders = {}\n`,
  'ledger/planted-one.ts': `import type { Other } from './planted-two.ts'\nexport interface One { other: Other }\n`,
  'ledger/planted-two.ts': `import type { One } from './planted-one.ts'\nexport interface Other { one: One }\n`,
  'planted-loose.ts': `export const loose = true\n`,
}

describe('a copy of src with violations', { timeout: 120_000 }, () => {
  let root = ''
  let reported = ''

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'layers-'))
    for (const name of ['src', '.oxlintrc.json', '.oxlintrc.layers.json', 'tsconfig.json']) {
      cpSync(name, join(root, name), { recursive: true })
    }
    symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
    for (const [file, text] of Object.entries(planted)) {
      mkdirSync(dirname(join(root, 'src', file)), { recursive: true })
      writeFileSync(join(root, 'src', file), text)
    }
    const src = join(root, 'src')
    const imports = readImports(src)
    reported = [
      ...findLooseFiles(src),
      ...findUpwardImports(imports),
      ...findCircles(imports),
      ...findVendorNames(src),
      ...findClocks(src, sources),
      lint(root),
    ].join('\n')
  }, 120_000)

  afterAll(() => rmSync(root, { recursive: true, force: true }))

  test.each(Object.keys(planted))(
    'a violation planted in a copy of src is reported: %s',
    (file) => {
      expect(reported).toContain(file.startsWith('ledger/') ? file.replace('ledger/', '') : file)
    },
  )
})

/** The rules of the layer table alone, over the planted files. */
function lint(root: string): string {
  const files = Object.keys(planted).map((file) => join('src', file))
  const args = ['-c', '.oxlintrc.layers.json', '-f', 'unix', ...files]
  return spawnSync(resolve('node_modules/.bin/oxlint'), args, { cwd: root, encoding: 'utf8' })
    .stdout
}
