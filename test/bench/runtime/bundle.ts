/** The Worker as `npm run deploy` would upload it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { unstable_readConfig as readConfig } from 'wrangler'

import { joinedModule } from '../../../src/cli/platform/bundle/join-modules.ts'
import { buildWorker, entryModule } from '../../../src/cli/platform/bundle/worker-modules.ts'

export interface Bundle {
  /** Files of the Worker's modules, the entry first. */
  modules: readonly string[]
  gzippedKib: number
  /** What is compiled when the Worker starts, minified or not. */
  startKib: number
  compatibilityDate: string
  compatibilityFlags: readonly string[]
  /** Binding → class of the entry. */
  objects: Record<string, string>
  remove: () => void
}

const root = join(import.meta.dirname, '..', '..', '..')

/** Builds it into a folder of its own. Names survive where it is not minified. */
export async function buildBundle({ minify }: { minify: boolean }): Promise<Bundle> {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-bundle-'))
  await buildWorker({ folder, minify })
  return {
    ...openBundle(join(folder, entryModule)),
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** One that was built before: an entry, and the modules beside it. */
export function openBundle(entry: string): Bundle {
  const config = readConfig({ config: join(root, 'wrangler.toml') })
  const others = readdirSync(dirname(entry))
    .filter((name) => name.endsWith('.js') && name !== basename(entry))
    .map((name) => join(dirname(entry), name))
  const modules = [entry, ...others]
  return {
    modules,
    startKib: sum([entry, join(dirname(entry), joinedModule)].map(sizeOf)) / 1024,
    gzippedKib: sum(modules.map((file) => gzipSync(readFileSync(file)).length)) / 1024,
    compatibilityDate: config.compatibility_date ?? '',
    compatibilityFlags: config.compatibility_flags,
    objects: toObjects(config.durable_objects.bindings),
    remove: () => undefined,
  }
}

/** 0 for a module that a build has not. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

function toObjects(bindings: { name: string; class_name: string }[]): Record<string, string> {
  return Object.fromEntries(bindings.map(({ name, class_name }) => [name, class_name]))
}
