/** A client's prompt while it is needed: parsed and estimated on first use, and then released. */
import { GatewayError } from '../../anthropic/error.ts'
import type { MessagesRequest } from '../../anthropic/request/request.ts'
import { messagesRequest, parseRequest } from '../../anthropic/request/request.ts'
import { checkRules } from '../../anthropic/request/rules.ts'
import { estimateTokens } from '../../tokens/estimate.ts'
import type { RequestBody } from './body.ts'
import { releaseBody, toWellFormed } from './body.ts'

const bytesPerToken = 4

/** A prompt that is parsed and estimated on first use. */
export class Prompt {
  readonly #body: RequestBody
  readonly #model: string | undefined
  #request: MessagesRequest | undefined
  #input: number | undefined

  /** `model` is the upstream's name, which selects the tokenizer. */
  constructor(body: RequestBody, model: string | undefined) {
    this.#body = body
    this.#model = model
  }

  /**
   * Returns the parsed request, for targets of other protocols. Throws a GatewayError
   * `invalid_request`.
   */
  canonical(): MessagesRequest {
    if (this.#request === undefined) {
      const parsed = parseRequest(messagesRequest, toWellFormed(this.#body))
      checkRules(parsed)
      this.#request = parsed
    }
    return this.#request
  }

  /**
   * Estimates the input tokens; from the body's length if it cannot be parsed, since an upstream
   * may still accept it.
   */
  estimateInput(): number {
    this.#input ??= this.#estimate()
    return this.#input
  }

  /**
   * Releases the body, since no other request follows: in a long session it takes a megabyte while
   * the answer takes minutes. The estimate is kept.
   */
  release(): void {
    // If it was not needed before, the upstream counts.
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
    return Math.ceil(this.#body.byteLength / bytesPerToken)
  }
}
