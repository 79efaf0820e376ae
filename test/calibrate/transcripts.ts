/** What coding agents send: files with line numbers, searches, edits, commands and their output, a few words. */
import { basename } from 'node:path'

import type { Text } from './texts.ts'

interface Sources {
  code: readonly Text[]
  prose: readonly Text[]
  json: readonly Text[]
}

/** Transcripts of a few turns each, made of different sources each. */
export function toTranscripts({ code, prose, json }: Sources, count: number): string[] {
  return Array.from({ length: count }, (_, number) => {
    const pick = (texts: readonly Text[], step: number): Text =>
      texts[(number * 7 + step * 13) % texts.length]!
    return [
      toPlan(pick(prose, 0)),
      toNumbered(pick(code, 1)),
      toSearch(pick(code, 2)),
      toEdit(pick(code, 3)),
      toDiff(pick(code, 4)),
      toCommand(pick(json, 5)),
      toListing([1, 2, 3, 4, 5, 6, 7, 8].map((step) => pick(code, step))),
    ].join('\n\n')
  })
}

function toPlan({ text }: Text): string {
  return text.slice(0, 1200)
}

function toNumbered({ text }: Text): string {
  return lines(text, 60)
    .map((line, index) => `${String(index + 1).padStart(6)}\t${line}`)
    .join('\n')
}

function toSearch({ path, text }: Text): string {
  return lines(text, 200)
    .filter((line, index) => index % 9 === 0 && line.trim() !== '')
    .map((line, index) => `src/${basename(path)}:${index * 9 + 1}:${line}`)
    .join('\n')
}

function toEdit({ path, text }: Text): string {
  return JSON.stringify({
    file_path: `/home/user/project/src/${basename(path)}`,
    old_string: lines(text, 12).join('\n'),
    new_string: lines(text, 16).join('\n'),
  })
}

function toDiff({ path, text }: Text): string {
  const name = basename(path)
  return [
    `diff --git a/src/${name} b/src/${name}`,
    'index 3f8a1c2..b90d4e7 100644',
    `--- a/src/${name}`,
    `+++ b/src/${name}`,
    '@@ -12,7 +12,9 @@',
    ...lines(text, 30).map((line, index) => `${' +-'.charAt(index % 3)}${line}`),
  ].join('\n')
}

function toCommand({ text }: Text): string {
  return `${JSON.stringify({ command: 'cat package.json | head -40', description: 'Show the package' })}\n${lines(text, 40).join('\n')}`
}

function toListing(texts: readonly Text[]): string {
  return texts
    .map(({ path, text }, index) => {
      const size = String(text.length).padStart(8)
      return `-rw-r--r--  1 user user ${size} Nov ${10 + index} 09:${17 + index} ${basename(path)}`
    })
    .join('\n')
}

function lines(text: string, count: number): string[] {
  return text.split('\n').slice(0, count)
}
