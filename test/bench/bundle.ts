/** The Worker as `npm run deploy` would upload it. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { unstable_readConfig as readConfig } from 'wrangler'

export interface Bundle {
  module: string
  gzippedKib: number
  compatibilityDate: string
  compatibilityFlags: readonly string[]
  /** Binding → class of the module. */
  objects: Record<string, string>
  remove: () => void
}

const root = join(import.meta.dirname, '..', '..')

/** Builds it into a folder of its own. Names survive where it is not minified. */
export function buildBundle({ minify }: { minify: boolean }): Bundle {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-bundle-'))
  const flags = ['--dry-run', '--outdir', folder, ...(minify ? ['--minify'] : [])]
  const wrangler = join(root, 'node_modules', 'wrangler', 'bin', 'wrangler.js')
  execFileSync(process.execPath, [wrangler, 'deploy', ...flags], {
    cwd: root,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [module, ...others] = readdirSync(folder).filter((name) => name.endsWith('.js'))
  if (module === undefined || others.length > 0) {
    throw new Error('the build was expected to give one module')
  }
  return { ...openBundle(join(folder, module)), remove: () => rmSync(folder, { recursive: true }) }
}

/** One that was built before. */
export function openBundle(module: string): Bundle {
  const config = readConfig({ config: join(root, 'wrangler.toml') })
  return {
    module,
    gzippedKib: gzipSync(readFileSync(module)).length / 1024,
    compatibilityDate: config.compatibility_date ?? '',
    compatibilityFlags: config.compatibility_flags,
    objects: toObjects(config.durable_objects.bindings),
    remove: () => undefined,
  }
}

function toObjects(bindings: { name: string; class_name: string }[]): Record<string, string> {
  return Object.fromEntries(bindings.map(({ name, class_name }) => [name, class_name]))
}
