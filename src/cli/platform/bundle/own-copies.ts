/**
 * Packages that get copies of their own of all that they import. esbuild puts a file that two modules share
 * whole into one that both load, so that what a rarely used package takes of a shared library would be
 * compiled at each start.
 */
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'

import type { OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild'

const packages = /^@modelcontextprotocol\/client$/

const namespace = 'own-copy'

/** The esbuild plugin that gives each package of a list its own copy of what it imports. */
export const ownCopies: Plugin = {
  name: 'own copies',
  setup(build) {
    build.onResolve({ filter: packages }, (args) => resolveAs(build, args))
    build.onResolve({ filter: /./, namespace }, (args) => resolveAs(build, args))
    build.onLoad({ filter: /./, namespace }, async ({ path }) => ({
      contents: await readFile(path),
      resolveDir: dirname(path),
      loader: 'js',
    }))
  },
}

async function resolveAs(
  build: PluginBuild,
  { path, kind, resolveDir, pluginData }: OnResolveArgs,
): Promise<OnResolveResult | undefined> {
  if (pluginData === namespace) {
    // This plugin's own question to esbuild.
    return undefined
  }
  const found = await build.resolve(path, { kind, resolveDir, pluginData: namespace })
  return found.namespace === 'file'
    ? { path: found.path, namespace, sideEffects: found.sideEffects }
    : found
}
