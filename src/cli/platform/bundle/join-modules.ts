/**
 * Joins the modules that a Worker compiles at its start. esbuild makes a module of each set of sources that
 * the same entries and dynamic imports share: eighty for the entry alone, each of which costs the start a
 * little.
 */
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

import type { Metafile } from 'esbuild'
import { build } from 'esbuild'

type Output = Metafile['outputs'][string]

/** The file name of the module that holds the code of the others. */
export const joinedModule = 'started.js'

/** The modules of a build: their folder, the name of the entry, and the options they were built with. */
export interface Modules {
  /** The folder with the modules. */
  folder: string
  /** The file name of the entry. */
  entry: string
  /** How esbuild has made the modules, and is to make the joined one. */
  options: { target: string; minify: boolean }
}

/**
 * Moves the code of the entry, and of all that it imports statically, into one module. The old modules stay, and
 * export their names from there, for the modules that are loaded later: as constants, since all of them
 * have been evaluated by then. Returns the account of the new modules.
 *
 * One array holds them, and only the names of the entry are exported. V8 looks each free name of a function that it
 * compiles up in the list of its module's exports, from the first to the last.
 */
export async function joinStarted(metafile: Metafile, modules: Modules): Promise<Metafile> {
  const entry = findOutput(metafile, modules.entry)
  const started = [...staticGraph(metafile, entry)]
  const source = toSource(metafile, started)
  const { metafile: made } = await build({
    stdin: { contents: source, resolveDir: modules.folder },
    outfile: join(modules.folder, joinedModule),
    bundle: true,
    format: 'esm',
    ...modules.options,
    plugins: [
      {
        name: 'modules that are loaded later',
        setup: (plugin) =>
          plugin.onResolve({ filter: /./ }, ({ kind, path }) =>
            kind === 'dynamic-import' || !path.startsWith('.') ? { path, external: true } : null,
          ),
      },
    ],
    metafile: true,
    logLevel: 'warning',
  })
  const joined = join(entry, '..', joinedModule)
  const outputs = { ...metafile.outputs, [joined]: toJoinedOutput(metafile, started, made) }
  let shared = 0
  for (const path of started) {
    const contents = path === entry ? toEntry(metafile, path) : toNames(metafile, path, shared)
    shared += path === entry ? 0 : namesOf(metafile, path).length
    await writeFile(join(modules.folder, basename(path)), contents)
    const imports = [{ path: joined, kind: 'import-statement' as const }]
    outputs[path] = { ...outputOf(metafile, path), bytes: contents.length, inputs: {}, imports }
  }
  return { ...metafile, outputs }
}

/** The path of an output by its file name. */
export function findOutput({ outputs }: Metafile, name: string): string {
  const path = Object.keys(outputs).find((candidate) => basename(candidate) === name)
  if (path === undefined) {
    throw new Error(`${name} was not built`)
  }
  return path
}

/** The paths of a module and of all that it imports statically. */
export function staticGraph(
  metafile: Metafile,
  path: string,
  found = new Set<string>(),
): Set<string> {
  found.add(path)
  for (const { path: imported, kind, external } of outputOf(metafile, path).imports) {
    if (kind === 'import-statement' && external !== true && !found.has(imported)) {
      staticGraph(metafile, imported, found)
    }
  }
  return found
}

function outputOf({ outputs }: Metafile, path: string): Output {
  const output = outputs[path]
  if (output === undefined) {
    throw new Error(`${path} was not built`)
  }
  return output
}

/** The source of the joined module: the exports of the entry, the first one, and what the others export as an array. */
function toSource(metafile: Metafile, [entry = '', ...others]: readonly string[]): string {
  const names = others.map((path, index) =>
    namesOf(metafile, path).map((name) => ({ name, unique: `m${index}_${name}` })),
  )
  const imports = others.map((path, index) => {
    const imported = names[index]?.map(({ name, unique }) => `${name} as ${unique}`) ?? []
    return `import { ${imported.join(', ')} } from './${basename(path)}'`
  })
  return [
    ...imports,
    `export { ${namesOf(metafile, entry).join(', ')} } from './${basename(entry)}'`,
    `export const shared = [${names
      .flat()
      .map(({ unique }) => unique)
      .join(', ')}]`,
  ].join('\n')
}

function toEntry(metafile: Metafile, path: string): string {
  return `export{${namesOf(metafile, path).join(',')}}from'./${joinedModule}'\n`
}

/** A module that takes its names from those of the joined one, the first at `first`. */
function toNames(metafile: Metafile, path: string, first: number): string {
  const names = namesOf(metafile, path).map(
    (name, index) => `export const ${name}=$shared[${first + index}]\n`,
  )
  return `import{shared as $shared}from'./${joinedModule}'\n${names.join('')}`
}

function namesOf(metafile: Metafile, path: string): string[] {
  return outputOf(metafile, path).exports
}

/** The account of the joined module: its size, and the sources whose code it has. */
function toJoinedOutput(metafile: Metafile, started: readonly string[], made: Metafile): Output {
  const [output] = Object.values(made.outputs)
  const parts = started.map((path) => outputOf(metafile, path))
  return {
    bytes: output?.bytes ?? 0,
    exports: output?.exports ?? [],
    inputs: Object.assign({}, ...parts.map(({ inputs }) => inputs)),
    imports: parts
      .flatMap(({ imports }) => imports)
      .filter(({ kind, external }) => kind !== 'import-statement' || external === true),
  }
}
