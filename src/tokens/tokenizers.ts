/**
 * Which tokenizer reads for a model, by the name that its provider gives it. This is data: a family of
 * models is a line, a tokenizer is a table that `npm run calibrate -- --fit` writes.
 */
import { o200k } from './tables/o200k.ts'
import { relatives } from './tables/relatives.ts'
import { toWeights } from './weights.ts'
import type { Weights } from './weights.ts'

export type TokenizerName = 'o200k' | keyof typeof relatives

export interface Tokenizer {
  weights: Weights
  /** What an estimate is multiplied with, so that it is seldom too low. */
  margin: number
}

interface Family {
  match: RegExp
  table: TokenizerName
  /** Over the table's own margin, where the tokenizer is only a relative. */
  extra?: number
}

/** Chosen so that in every category of `npm run calibrate` the mean is above the truth, or near to it. */
const margins = {
  o200k: 1.03,
  llama3: 1.03,
  tekken: 1.015,
  qwen3: 1.03,
  deepseek3: 1.01,
  gemma3: 1.025,
} as const satisfies Record<TokenizerName, number>

/** Every tokenizer that an estimate can be made for. */
export const tokenizerNames: readonly TokenizerName[] = [
  'o200k',
  'llama3',
  'tekken',
  'qwen3',
  'deepseek3',
  'gemma3',
]

/** The first that matches. */
const FAMILIES: readonly Family[] = [
  { match: /o200k|gpt|grok|(?:^|\W)o[134](?:\W|$)/, table: 'o200k' },
  { match: /llama/, table: 'llama3' },
  { match: /qwen|qwq|qvq/, table: 'qwen3' },
  { match: /deepseek/, table: 'deepseek3' },
  { match: /tekken|mi[sx]tral|ministral|codestral|devstral|magistral|pixtral/, table: 'tekken' },
  { match: /gemini|gemma/, table: 'gemma3' },
  // Its tokenizer is not public; its recorded answers have about a tenth more than the longest of these.
  { match: /claude/, table: 'gemma3', extra: 1.1 },
]

/** For names that say nothing: near to all of them. */
const UNKNOWN: Family = { match: /^/, table: 'o200k', extra: 1.015 }

/** The tokenizer of a model; a usual one for a name that is not known. */
export function toTokenizer(model: string): Tokenizer {
  const name = model.toLowerCase()
  const { table, extra = 1 } = FAMILIES.find(({ match }) => match.test(name)) ?? UNKNOWN
  return { weights: unpacked(table), margin: margins[table] * extra }
}

/** Constants that take a millisecond to unpack, so each is unpacked when it is first needed. */
const cache = new Map<string, Weights>()

function unpacked(name: TokenizerName): Weights {
  const known = cache.get(name)
  if (known !== undefined) {
    return known
  }
  const weights = name === 'o200k' ? toWeights(o200k) : toWeights(o200k, relatives[name])
  cache.set(name, weights)
  return weights
}
