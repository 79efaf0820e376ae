/** A client's body as long as it is needed: read as a request when somebody asks for that, and let go of. */
import { GatewayError } from '../anthropic/error.ts'
import type { MessagesRequest } from '../anthropic/request/request.ts'
import { messagesRequest, parseRequest } from '../anthropic/request/request.ts'
import { checkRules } from '../anthropic/request/rules.ts'
import type { Body } from '../http/body.ts'
import { emptyBody, toWellFormed } from '../http/body.ts'
import { estimateTokens } from '../tokens/estimate.ts'

export interface Prompt {
  /** For targets of other protocols. Throws a GatewayError `invalid_request`. */
  canonical: () => MessagesRequest
  /** Input tokens. By length where the body is not one that we understand; the upstream may. */
  estimateInput: () => number
  /**
   * Nobody will be asked any more: empties the body, which in a long session takes a megabyte while
   * the answer takes minutes. The estimate stays.
   */
  forget: () => void
}

const bytesPerToken = 4

/** `model` is the upstream's name of it, which tells the tokenizer. Everything is made once, at its first use. */
export function createPrompt(body: Body, model: string | undefined): Prompt {
  let request: MessagesRequest | undefined
  let input: number | undefined

  function canonical(): MessagesRequest {
    if (request === undefined) {
      const parsed = parseRequest(messagesRequest, toWellFormed(body))
      checkRules(parsed)
      request = parsed
    }
    return request
  }

  function estimate(): number {
    try {
      return estimateTokens(canonical(), model)
    } catch (error) {
      if (error instanceof GatewayError) {
        return estimateByLength(body)
      }
      throw error
    }
  }

  return {
    canonical,
    estimateInput: () => (input ??= estimate()),
    forget() {
      // Where it was not asked for yet, the upstream counts.
      input ??= estimateByLength(body)
      request = undefined
      emptyBody(body)
    },
  }
}

function estimateByLength({ bytes }: Body): number {
  return Math.ceil(bytes.length / bytesPerToken)
}
