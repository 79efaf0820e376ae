/** Checks what the layer table promises and no lint rule can see: resolved imports, circles, vendor names. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'

import { commands, entries, layers } from '../../layers.ts'

interface Import {
  /** Paths relative to `src/`. */
  from: string
  to: string
}

/** Reads the imports between files of a source folder, type-only and dynamic ones included. */
export function readImports(src: string): Import[] {
  return filesOf(src).flatMap((from) =>
    [...readCode(join(src, from)).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+\.tsx?)'/g)].map(
      ([, path = '']) => ({ from, to: posix.normalize(posix.join(dirname(from), path)) }),
    ),
  )
}

/** Imports that go up, or from one dialect into another. */
export function findUpwardImports(imports: readonly Import[]): string[] {
  return imports
    .filter(({ from, to }) => heightOf(from) < heightOf(to) || crossesDialects(from, to))
    .map(({ from, to }) => `${from} imports ${to}`)
}

/** Entries of one folder, files or folders, that import each other in a circle. */
export function findCircles(imports: readonly Import[]): string[] {
  const folders = new Map<string, Map<string, Set<string>>>()
  for (const { from, to } of imports) {
    const [folder, one, other] = split(from, to)
    const graph = folders.get(folder) ?? new Map<string, Set<string>>()
    folders.set(folder, graph)
    graph.set(one, (graph.get(one) ?? new Set()).add(other))
  }
  return [...folders].flatMap(([folder, graph]) =>
    circlesIn(graph).map((circle) => `${folder || 'src'}: ${circle.join(' → ')}`),
  )
}

/** Files that are in no layer. */
export function findLooseFiles(src: string): string[] {
  return filesOf(src)
    .filter((file) => heightOf(file) === -1)
    .map((file) => `${file} is in no layer`)
}

/** Names of vendors in identifiers and strings outside their files; comments may cite them. */
export function findVendorNames(src: string): string[] {
  const pattern = toNamePattern(vendorNames(src))
  return filesOf(src)
    .filter((file) => !vendorFolders.some((folder) => file.startsWith(folder)))
    .flatMap((file) => {
      const found = new Set(withoutData(readCode(join(src, file))).match(pattern))
      return [...found].map((name) => `${file} contains ${name}`)
    })
}

/** Where vendors are named: one data file each, and commands that list them. */
const vendorFolders = ['providers/', 'server-tools/back-ends/', `${commands}/`]

/** Reads of the clock outside the files that may: `new Date()`, which no lint rule distinguishes from `new Date(time)`. */
export function findClocks(src: string, sources: readonly string[]): string[] {
  const allowed = sources.map((path) => path.replace(/^src\//, '').replace(/\*\*$/, ''))
  return filesOf(src)
    .filter((file) => !allowed.some((path) => file.startsWith(path)))
    .filter((file) => /new Date\(\)/.test(readCode(join(src, file))))
    .map((file) => `${file} reads the clock`)
}

/** The most files that a folder holds; one with more has rooms. */
const mostFiles = 15

/** Folders that hold more source files than {@link mostFiles}, each with its number. */
export function findCrowdedFolders(root: string): string[] {
  const counts = new Map<string, number>()
  for (const file of filesOf(root)) {
    const folder = posix.join(root, dirname(file))
    counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  return [...counts]
    .filter(([, count]) => count > mostFiles)
    .map(([folder, count]) => `${folder} has ${count} files`)
}

/** The number of lines from which a function has a file of its own even with one caller. */
const fewLines = 30

/**
 * Files of fewer than {@link fewLines} lines that one other file imports, and no test: they belong in that
 * file. Not a folder's entry, and not what is loaded on use.
 */
export function findThinFiles(src: string, tests: string): string[] {
  const importers = new Map<string, string[]>()
  for (const { from, to } of readImports(src)) {
    importers.set(to, [...(importers.get(to) ?? []), from])
  }
  const tested = filesOf(tests)
    .map((file) => readCode(join(tests, file)))
    .join('\n')
  return [...importers]
    .filter(
      ([file, [one, ...others]]) =>
        one !== undefined && others.every((each) => each === one) && isThin(src, file),
    )
    .filter(([file, [one = '']]) => !file.endsWith('/index.ts') && !isLoadedBy(src, one, file))
    .filter(([file]) => !tested.includes(`/src/${file}'`))
    .map(([file]) => file)
    .toSorted()
}

function isThin(src: string, file: string): boolean {
  return readFileSync(join(src, file), 'utf8').trimEnd().split('\n').length < fewLines
}

function isLoadedBy(src: string, importer: string, file: string): boolean {
  const path = posix.relative(dirname(importer), file)
  return new RegExp(`import\\('(?:\\./)?${path.replaceAll('.', '\\.')}'\\)`).test(
    readCode(join(src, importer)),
  )
}

function filesOf(src: string): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
}

/** A file without its comments. */
function readCode(path: string): string {
  return readFileSync(path, 'utf8').replace(/(^|\s)(?:\/\/.*|\/\*[\s\S]*?\*\/)/gm, '$1')
}

/** Matches `name` as a word of its own, and as a part of a camel-case name. */
function toNamePattern(names: readonly string[]): RegExp {
  const words = names.map((name) => name.replaceAll('-', '[-_]?'))
  const humps = words.map((word) => `${word.charAt(0).toUpperCase()}(?i:${word.slice(1)})`)
  return new RegExp(
    `(?<![A-Za-z])(?i:${words.join('|')})(?![a-z])|(?<=[a-z])(?:${humps.join('|')})(?![a-z])`,
    'g',
  )
}

/** Long strings are tables, such as compressed vocabularies. */
function withoutData(code: string): string {
  return code.replace(/'[^'\n]{200,}'/g, "''")
}

function heightOf(file: string): number {
  if (entries.includes(file)) {
    return layers.length
  }
  if (file.startsWith(`${commands}/`)) {
    return layers.length + 1
  }
  return layers.findIndex(({ room }) => file.startsWith(`${room}/`))
}

function crossesDialects(from: string, to: string): boolean {
  const [one, other] = [from, to].map((file) => /^dialects\/([^/]+)\//.exec(file)?.[1])
  return one !== undefined && other !== undefined && other !== 'shared' && one !== other
}

/** The deepest common folder, and the entries of it that both files are in. */
function split(from: string, to: string): [folder: string, one: string, other: string] {
  const [a, b] = [from.split('/'), to.split('/')]
  const depth = a.findIndex((name, index) => name !== b[index])
  return [a.slice(0, depth).join('/'), a[depth] ?? '', b[depth] ?? '']
}

/** Every circle that a depth-first search closes. */
function circlesIn(graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const done = new Set<string>()
  const visit = (node: string, path: readonly string[]): string[][] => {
    if (path.includes(node)) {
      return [[...path.slice(path.indexOf(node)), node]]
    }
    if (done.has(node)) {
      return []
    }
    done.add(node)
    return [...(graph.get(node) ?? [])].flatMap((next) => visit(next, [...path, node]))
  }
  return [...graph.keys()].flatMap((node) => visit(node, []))
}

/** Protocols that are named after their vendor: their names stand for the dialect, or for a way to sign. */
const protocols = new Set(['anthropic', 'bedrock', 'google', 'openai', 'demo'])

function vendorNames(src: string): string[] {
  return readdirSync(join(src, 'providers/vendors'))
    .map((file) => file.replace(/\.ts$/, ''))
    .filter((name) => !protocols.has(name))
}
