/** Texts from folders: what is text in them, in slices, always the same ones. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'

export interface Text {
  path: string
  text: string
}

const SLICE = 6000
const CJK = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/g
/** In bytes; shorter texts are no sample. */
export const SMALLEST = 2048

/** Files below a folder that `accept` takes, in an order that only their paths decide. */
export function findFiles(folder: string, accept: (path: string) => boolean): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => accept(path.slice(folder.length)))
    .map((path) => ({ path, rank: hash(path.slice(folder.length)) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ path }) => path)
}

/** One slice each of the first `count` files that are text and long enough. */
export function readSlices(paths: readonly string[], count: number): Text[] {
  const texts: Text[] = []
  for (const path of paths) {
    const text = readText(path)
    if (text !== undefined && Buffer.byteLength(text) >= SMALLEST) {
      texts.push({ path, text: slice(text, path) })
    }
    if (texts.length >= count) {
      break
    }
  }
  return texts
}

/** By the end of the name, without `.gz`: up to `count` slices of each kind of file below a folder. */
export function readFolder(folder: string, count: number): Text[] {
  const kinds = new Map<string, string[]>()
  for (const path of findFiles(folder, () => true)) {
    const kind = extname(basename(path, '.gz'))
    kinds.set(kind, [...(kinds.get(kind) ?? []), path])
  }
  return [...kinds.values()].flatMap((paths) => readSlices(paths, count))
}

/** What a reader of an HTML page sees, roughly. */
export function stripTags(html: string): string {
  return html
    .replaceAll(/<(script|style|head)[^>]*>.*?<\/\1>/gs, '')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&')
    .replaceAll(/(?:[ \t]*\n){3,}/g, '\n\n')
}

/** A file as text, undefined where it is none. */
export function readText(path: string): string | undefined {
  const bytes = readFileSync(path)
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(
      path.endsWith('.gz') ? gunzipSync(bytes) : bytes,
    )
    const html = /\.html?$/.test(path)
    // One page in eight stays markup.
    return text.includes('\0') ? undefined : html && hash(path) > '2' ? stripTags(text) : text
  } catch {
    return undefined
  }
}

/** A slice of whole lines, from a place that the path decides. */
function slice(text: string, path: string): string {
  const from = Math.floor(
    Math.max(0, text.length - SLICE) * (parseInt(hash(path).slice(0, 4), 16) / 65_536),
  )
  const start = text.lastIndexOf('\n', from) + 1
  return text.slice(start, start + SLICE).replace(/[\ud800-\udbff]$/, '')
}

/** Whether a text is Chinese, Japanese or Korean, at least in good part. */
export function isCjk(text: string): boolean {
  return (text.match(CJK)?.length ?? 0) > text.length / 8
}

/** Decides orders and places, the same ones each time. */
export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
