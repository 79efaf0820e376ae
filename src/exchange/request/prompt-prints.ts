/** Digests of prompts by the answers that they got, which later requests are compared with. */
import { BoundedCache, cacheBounds } from '../../platform/bounded-cache.ts'

/** A prompt by the digests of its parts. */
export interface PromptPrint {
  model: string
  system: string
  tools: string
  /** The prints of all messages, and their number. */
  messages: string
  count: number
  /** The print of other parameters that change the prompt. */
  others: string
  inputTokens: number
}

/** The prints of one isolate: another one does not find them. */
export class PromptPrints {
  readonly #known = new BoundedCache<PromptPrint>(cacheBounds.promptPrints)

  find(keyId: string, messageId: string): PromptPrint | undefined {
    return this.#known.get(`${keyId} ${messageId}`)
  }

  remember(keyId: string, messageId: string, print: PromptPrint): void {
    this.#known.set(`${keyId} ${messageId}`, print)
  }
}
