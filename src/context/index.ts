/** The edits of one request's context, in place of those by Anthropic's servers, for models of other protocols. */
import type { AppliedEdit } from '../anthropic/answer/context-management.ts'
import type { JsonObject } from '../anthropic/json.ts'
import { asArray } from '../anthropic/json.ts'
import type { Report } from '../anthropic/report.ts'
import { countTokensRequest, parseRequest } from '../anthropic/request/request.ts'
import { estimateTokens } from '../tokens/estimate.ts'
import { withoutCleared } from './edits/clearing.ts'
import { planEdits } from './edits/edit-context.ts'
import type { ContextEdit } from './edits/schema.ts'
import { readContextEdits } from './edits/schema.ts'

export class ContextEdits {
  readonly #edits: readonly ContextEdit[]
  #applied: readonly AppliedEdit[] = []
  #savedTokens = 0

  /** Throws a GatewayError `invalid_request` for edits that Anthropic refuses. */
  constructor(json: JsonObject) {
    this.#edits = readContextEdits(json)
  }

  /** What the last {@link apply} did. */
  get applied(): readonly AppliedEdit[] {
    return this.#applied
  }

  /** Input tokens that the last {@link apply} saved. */
  get savedTokens(): number {
    return this.#savedTokens
  }

  /**
   * The request after its edits; the same object where they change nothing. `model` is the upstream's
   * name. Throws a GatewayError `invalid_request` for a request that is not valid.
   */
  apply(json: JsonObject, model: string): JsonObject {
    const request = parseRequest(countTokensRequest, json)
    const inputTokens = (): number => estimateTokens(request, model)
    const plan = planEdits(request, this.#edits, { model, inputTokens })
    this.#applied = plan.applied
    this.#savedTokens = plan.savedTokens
    return plan.clearings.length === 0
      ? json
      : { ...json, messages: withoutCleared(asArray(json['messages']), plan.clearings) }
  }

  /** Reports edits of types that are unknown here. */
  report(report: Report): void {
    for (const [index, { type }] of this.#edits.entries()) {
      if (type === 'other') {
        report.drop(`context_management.edits.${index}`)
      }
    }
  }
}
