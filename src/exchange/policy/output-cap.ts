/**
 * Finds the maximal `max_tokens` in an upstream's refusal of a larger one:
 *
 *   max_tokens is too large: 64000. This model supports at most 8192 completion tokens
 *   `max_completion_tokens` must be less than or equal to `32768`
 *   max_tokens: 64000 > 32000, which is the maximum allowed number of output tokens
 *   Range of max_tokens should be [1, 8192]
 *   The maxOutputTokens value 64000 exceeds supported range from 1 (inclusive) to 8193 (exclusive)
 *   The maximum tokens you requested exceeds the model limit of 4096
 */
import type { Refusal } from './refusal.ts'
import { isRefusal, readComplaints } from './refusal.ts'

/** Matches the limit: as a field of one of the protocols, or in words. */
const limitNames =
  /max_?(?:completion_?|output_?|new_?|gen_?)?tokens|max(?:imum)?[ -](?:completion |output |new )?tokens|(?:completion|output) tokens|num_predict/i

/** Matches mentions of a sum of prompt and answer, for which a cap on the output is not enough. */
const sumPattern = /\b(?:input|prompt|messages?)\b|[^0-9]\+\s*\d/i

/** The smallest possible cap: smaller numbers are positions, versions and minima. */
const leastCap = 16

/**
 * The cap in tokens; undefined if the refusal has another reason, or names no number below `asked`.
 */
export function findOutputCap(refusal: Refusal, requested: number): number | undefined {
  if (!isRefusal(refusal)) {
    return undefined
  }
  const text = readComplaints(refusal.body)
    .map(({ message, param }) => `${param ?? ''} ${message}`)
    .join('\n')
  if (!limitNames.test(text) || (/context/i.test(text) && sumPattern.test(text))) {
    return undefined
  }
  const caps = [...text.matchAll(number)]
    .map((match) => readCap(text, match))
    .filter((cap) => cap >= leastCap && cap < requested)
  return caps.length === 0 ? undefined : Math.max(...caps)
}

/** Matches an integer that is not part of a name or of a fraction; thousands may be separated. */
const number = /(?<![\w.-])\d{1,3}(?:[,_]\d{3})+(?![\w-])|(?<![\w.-])\d+(?!\w|-\w|\.\d)/g

function readCap(text: string, { 0: digits, index }: RegExpExecArray): number {
  const value = Number(digits.replace(/[,_]/g, ''))
  const before = text.slice(Math.max(0, index - 40), index)
  const after = text.slice(index + digits.length, index + digits.length + 16)
  const isExclusive =
    /(?:less|lower|smaller|fewer) than [`'"]?$/i.test(before) ||
    (/^\s*\)/.test(after) && /[[(]\s*\d+\s*,\s*$/.test(before)) ||
    /^\s*\(exclusive/i.test(after)
  return isExclusive ? value - 1 : value
}
