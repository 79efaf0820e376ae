/** What one request has done to its context instead of Anthropic's servers: edits, and compaction. */
import type { AppliedEdit } from '../anthropic/answer/wire/context-management.ts'
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, asObject } from '../anthropic/json.ts'
import type { Report } from '../anthropic/report.ts'
import { countTokensRequest, parseRequest } from '../anthropic/request/request.ts'
import { estimateTokens } from '../tokens/estimate.ts'
import { withoutOwnCompaction } from './compaction/conversation.ts'
import type { CompactionRequest } from './compaction/request.ts'
import { fromEdit, fromField } from './compaction/request.ts'
import { reportCurrent, toCurrent } from './current/index.ts'
import { withoutCleared } from './edits/clearing.ts'
import { planEdits } from './edits/edit-context.ts'
import type { ContextEdit } from './edits/schema.ts'
import { readContextEdits } from './edits/schema.ts'

interface Requested {
  edits: readonly ContextEdit[]
  compaction: CompactionRequest | undefined
}

/**
 * The context management of one request: decides on edits and compaction, applies them, and reports them.
 */
export class RequestContext {
  readonly #json: JsonObject
  #requested: Requested | undefined
  #applied: readonly AppliedEdit[] = []
  #savedTokens = 0

  constructor(json: JsonObject) {
    this.#json = json
  }

  /** Whether the request asks for edits. Throws as {@link compaction} does. */
  get hasEdits(): boolean {
    return this.#read().edits.length > 0
  }

  /**
   * What the request asks for; undefined where it is no compaction. Throws a GatewayError `invalid_request`
   * for edits and compactions that Anthropic refuses.
   */
  get compaction(): CompactionRequest | undefined {
    return this.#read().compaction
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
   * The request with its current fields, and after its edits; the same object where nothing changes. `model` is the
   * upstream's name. Throws a GatewayError `invalid_request` for a request that is not valid.
   */
  apply(sent: JsonObject, model: string): JsonObject {
    const json = toCurrent(sent)
    if (!this.hasEdits) {
      return json
    }
    const request = parseRequest(countTokensRequest, json)
    const inputTokens = (): number => estimateTokens(request, model)
    const plan = planEdits(request, this.#read().edits, { model, inputTokens })
    this.#applied = plan.applied
    this.#savedTokens = plan.savedTokens
    return plan.clearings.length === 0
      ? json
      : { ...json, messages: withoutCleared(asArray(json['messages']), plan.clearings) }
  }

  /** The request for Anthropic's own servers; the same object where nothing changes. */
  forAnthropic(json: JsonObject): JsonObject {
    const messages = asArray(json['messages'])
    const readable = withoutOwnCompaction(messages)
    return readable === messages ? json : { ...json, messages: readable }
  }

  /** Reports what {@link apply} changes, and edits of types that are unknown here. */
  report(report: Report): void {
    reportCurrent(this.#json, report)
    for (const [index, { type }] of this.#read().edits.entries()) {
      if (type === 'other') {
        report.drop(`context_management.edits.${index}`)
      }
    }
  }

  /** Read when it is needed, since Anthropic's own servers judge what they are sent. */
  #read(): Requested {
    this.#requested ??= readRequested(this.#json)
    return this.#requested
  }
}

function readRequested(json: JsonObject): Requested {
  const listed = asArray(asObject(json['context_management'])?.['edits'])
  const edits = listed.length === 0 ? [] : readContextEdits(json)
  if (json['compaction'] !== undefined && json['compaction'] !== null) {
    return { edits, compaction: fromField(json) }
  }
  const edit = edits.find((each) => each.type === 'compact_20260112')
  return { edits, compaction: edit && fromEdit(edit) }
}
