/**
 * The Worker as modules: one has what a first request over the commonest dialect needs, and each
 * dynamic `import()` begins another one, which the runtime compiles when it is first imported.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { Metafile } from 'esbuild'
import { build } from 'esbuild'

import { projectRoot } from '../wrangler.ts'
import { consoleAssetsForBuild } from './console-assets.ts'
import { joinStarted } from './join-modules.ts'
import { ownCopies } from './own-copies.ts'

/** The file name of the entry in the output folder; wrangler.toml names it as `main`. */
export const entryModule = 'index.js'

/** The folder that the modules are written to, and whether they are minified. */
export interface BuildOptions {
  /** The output folder, whose contents are replaced. */
  folder: string
  /** False where stack traces are to name functions. */
  minify: boolean
}

const target = 'es2024'

/** Builds the modules. Returns esbuild's account of what is in each of them. */
export async function buildWorker({ folder, minify }: BuildOptions): Promise<Metafile> {
  await rm(folder, { recursive: true, force: true })
  const { metafile } = await build({
    absWorkingDir: projectRoot,
    entryPoints: [join(projectRoot, 'src/index.ts')],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    target,
    // As Wrangler's own bundler resolves packages.
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*'],
    plugins: [consoleAssetsForBuild, ownCopies],
    minify,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  })
  return joinStarted(metafile, { folder, entry: entryModule, options: { target, minify } })
}
