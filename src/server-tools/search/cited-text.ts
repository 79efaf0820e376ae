/** The passage of a result that a sentence is based on: the one that shares most words with it. */
import { cut } from './plain-text.ts'

/** Anthropic's limit (https://docs.claude.com/en/docs/agents-and-tools/tool-use/web-search-tool). */
const maxCharacters = 150

/** Characters of the answer that are compared. */
const maxSentence = 400

/** A passage of a search result. */
export interface Passage {
  text: string
  /** The index among the passages of the result. */
  index: number
}

/** `answer`: what was written, up to the marker. `evidence`: the text of the result, not empty. */
export function findCitedText(answer: string, evidence: string): Passage {
  const sentences = toSentences(evidence)
  const index = findSupport(answer, sentences)
  return { text: cut(sentences[index] ?? '', maxCharacters), index }
}

/** The index of the passage that shares most words with the last sentence of an answer. */
export function findSupport(answer: string, passages: readonly string[]): number {
  const words = wordsOf(toLastSentence(answer.slice(-maxSentence)))
  let best = 0
  let most = -1
  for (const [index, text] of passages.entries()) {
    const shared = [...wordsOf(text)].filter((word) => words.has(word)).length
    if (shared > most) {
      most = shared
      best = index
    }
  }
  return best
}

function toSentences(text: string): string[] {
  return text
    .split(/(?<=[.!?。！？])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
}

function toLastSentence(text: string): string {
  return toSentences(text).at(-1) ?? text
}

/** Words of alphabets, single characters of scripts that have no spaces. */
function wordsOf(text: string): Set<string> {
  return new Set(
    text
      .toLowerCase()
      .match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}]+/gu),
  )
}
