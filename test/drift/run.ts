/**
 * `npm run drift -- [--models FILE|URL] [--sdks FOLDER]`: prints what the official SDKs and models.dev name
 * and the gateway does not. Run by hand; nothing fails by it. Needs the network, unless a file and a folder
 * of unpacked packages are given.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import type { ModelsDev } from '../../src/cli/catalog/models-dev.ts'
import { fetchModelsDev, modelsDevUrl } from '../../src/cli/catalog/models-dev.ts'
import { presets } from '../../src/providers/index.ts'
import { findNew, readAll } from './compare.ts'
import { findUnmatched } from './models.ts'
import { watched } from './watched.ts'

const { values } = parseArgs({
  options: { models: { type: 'string', default: modelsDevUrl }, sdks: { type: 'string' } },
})

compareSdks(values.sdks)
await compareModels(values.models)

/** `folder` contains the packages unpacked, each under its name. */
function compareSdks(folder: string | undefined): void {
  const temporary = folder ?? mkdtempSync(join(tmpdir(), 'drift-'))
  try {
    for (const name of new Set(watched.map((each) => each.package))) {
      const path = join(temporary, name)
      const version = existsSync(path) || unpack(name, path) ? printVersion(name, path) : undefined
      if (version === undefined) {
        console.log(`${name}: not available`)
        continue
      }
      const declarations = readAll(path, '.d.ts')
      for (const each of watched.filter((one) => one.package === name)) {
        const found = findNew(each, declarations, (room) => readAll(`src/${room}`, '.ts'))
        const result =
          found === undefined ? 'no such type any more' : found.join(', ') || 'nothing new'
        console.log(`  ${each.title}: ${result}`)
      }
    }
  } finally {
    if (folder === undefined) {
      rmSync(temporary, { recursive: true, force: true })
    }
  }
}

/** Downloads the latest version of a package, without its dependencies. Returns whether there was one. */
function unpack(name: string, path: string): boolean {
  mkdirSync(path, { recursive: true })
  try {
    const options = { cwd: path, encoding: 'utf8', stdio: 'pipe' } as const
    const file = execFileSync(
      'npm',
      ['pack', `${name}@latest`, '--json', '--loglevel', 'error'],
      options,
    )
    const [packed]: { filename: string }[] = JSON.parse(file)
    execFileSync('tar', ['-xzf', packed?.filename ?? '', '--strip-components=1'], options)
    return true
  } catch {
    // No network, or no such package: reported as not available.
    return false
  }
}

function printVersion(name: string, path: string): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(join(path, 'package.json'), 'utf8'),
  )
  console.log(`${name} ${version}`)
  return version
}

async function compareModels(source: string): Promise<void> {
  const providers = await readModels(source)
  const since = new Date(Date.now() - 180 * 86_400_000).toISOString()
  console.log(`models.dev: models of the last 180 days that no rule of their preset matches`)
  for (const { preset, models } of providers === undefined
    ? []
    : findUnmatched(presets, providers, since)) {
    console.log(`  ${preset}: ${models.join(', ')}`)
  }
}

async function readModels(source: string): Promise<ModelsDev | undefined> {
  try {
    return await fetchModelsDev(isUrl(source) ? source : toDataUrl(source))
  } catch (error) {
    console.log(`${source}: not available (${error instanceof Error ? error.message : 'unknown'})`)
    return undefined
  }
}

function isUrl(source: string): boolean {
  return /^https?:/.test(source)
}

function toDataUrl(file: string): string {
  return `data:application/json;base64,${readFileSync(file).toString('base64')}`
}
