/** A client's prompt while it is needed: parsed and estimated at first use, and released. */
import { GatewayError } from '../../anthropic/error.ts'
import type { MessagesRequest } from '../../anthropic/request/request.ts'
import { messagesRequest, parseRequest } from '../../anthropic/request/request.ts'
import { checkRules } from '../../anthropic/request/rules.ts'
import { estimateTokens } from '../../tokens/estimate.ts'
import type { RequestBody } from './body.ts'
import { releaseBody, toWellFormed } from './body.ts'

const bytesPerToken = 4

export class Prompt {
  readonly #body: RequestBody
  readonly #model: string | undefined
  #request: MessagesRequest | undefined
  #input: number | undefined

  /** `model`: the upstream's name of it, which decides the tokenizer. */
  constructor(body: RequestBody, model: string | undefined) {
    this.#body = body
    this.#model = model
  }

  /** The request for targets of other protocols. Throws a GatewayError `invalid_request`. */
  canonical(): MessagesRequest {
    if (this.#request === undefined) {
      const parsed = parseRequest(messagesRequest, toWellFormed(this.#body))
      checkRules(parsed)
      this.#request = parsed
    }
    return this.#request
  }

  /** Input tokens; by the body's length where it cannot be parsed, though an upstream may understand it. */
  estimateInput(): number {
    this.#input ??= this.#estimate()
    return this.#input
  }

  /**
   * No target will be asked any more: releases the body, which in a long session takes a megabyte while
   * the answer takes minutes. The estimate stays.
   */
  release(): void {
    // Where it was not asked for yet, the upstream counts.
    this.#input ??= this.#estimateByLength()
    this.#request = undefined
    releaseBody(this.#body)
  }

  #estimate(): number {
    try {
      return estimateTokens(this.canonical(), this.#model)
    } catch (error) {
      if (error instanceof GatewayError) {
        return this.#estimateByLength()
      }
      throw error
    }
  }

  #estimateByLength(): number {
    return Math.ceil(this.#body.bytes.length / bytesPerToken)
  }
}
