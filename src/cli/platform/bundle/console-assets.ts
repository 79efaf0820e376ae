/**
 * The console's scripts and styles for browsers, as one module of the Worker: names with a hash of the content,
 * which may be cached for ever, and their texts. Loaded when a browser asks for the first of them.
 */
import { basename, join } from 'node:path'

import type { Plugin } from 'esbuild'
import { build } from 'esbuild'

import { projectRoot } from '../wrangler.ts'

/** The module that pages import. */
const moduleName = 'virtual:console-assets'

/** A script or style of the console: its file name with a hash, and its text. */
export interface ConsoleAsset {
  name: string
  text: string
}

/** Builds the assets: the entries `console` (a script and a stylesheet), and what the script loads later. */
export async function buildConsoleAssets(): Promise<ConsoleAsset[]> {
  const { outputFiles } = await build({
    absWorkingDir: projectRoot,
    entryPoints: { console: join(projectRoot, 'src/console/client/console.ts') },
    outdir: '/assets',
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  })
  return outputFiles.map(({ path, text }) => ({ name: basename(path), text }))
}

/** The source of the module: its `assets`, by name. */
async function writeModule(): Promise<string> {
  const assets = await buildConsoleAssets()
  const entries = assets.map(({ name, text }) => [name, text])
  return `export const assets = new Map(${JSON.stringify(entries)})`
}

/** Resolves the module in builds of the Worker. */
export const consoleAssetsForBuild: Plugin = {
  name: 'console-assets',
  setup(builder) {
    builder.onResolve({ filter: /^virtual:console-assets$/ }, ({ path }) => ({
      path,
      namespace: 'console-assets',
    }))
    builder.onLoad({ filter: /^virtual:/, namespace: 'console-assets' }, async () => ({
      contents: await writeModule(),
      loader: 'js',
    }))
  },
}

/** Resolves the module in tests. */
export const consoleAssetsForTests = {
  name: 'console-assets',
  resolveId: (name: string): string | undefined => (name === moduleName ? `\0${name}` : undefined),
  load: (name: string): Promise<string> | undefined =>
    name === `\0${moduleName}` ? writeModule() : undefined,
}
