/** The summary of a conversation that has grown too long, or that the client asks for: written by a model, as a request of its own. */
import { readIteration } from '../../anthropic/answer/iteration.ts'
import type { CompactionBlock } from '../../anthropic/answer/wire/complete-blocks.ts'
import type { Failure } from '../../anthropic/error.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray } from '../../anthropic/json.ts'
import { createReport } from '../../anthropic/report.ts'
import { reportExtraFields } from '../../anthropic/request/extra-fields.ts'
import type { CountTokensRequest } from '../../anthropic/request/request.ts'
import { countTokensRequest, parseRequest } from '../../anthropic/request/request.ts'
import { toContinued } from '../../context/compaction/conversation.ts'
import { readSummary, toQuestion } from '../../context/compaction/question.ts'
import type { CompactionRequest } from '../../context/compaction/request.ts'
import { seal } from '../../context/compaction/seal.ts'
import { summarizeToolChanges } from '../../context/compaction/tool-changes.ts'
import { sha256 } from '../../platform/sha256.ts'
import { estimateTokens } from '../../tokens/estimate.ts'
import { gatewayHeaders, toTargetName } from '../protocols/gateway-headers.ts'
import { toServed } from '../protocols/served-fields.ts'
import { toWellFormed } from '../request/body.ts'
import type { ClientRequest, CompactionResult, Compaction } from '../request/request.ts'
import type { Services } from '../request/services.ts'
import type { AttemptTarget } from '../request/targets.ts'
import { ask } from './ask.ts'

/** A summary of a full context takes minutes. */
const maxMs = 300_000

/**
 * The compaction of a request whose best target is translated; undefined where it asks for none, or is
 * not long enough yet. Throws a GatewayError `invalid_request` for a request that is not valid.
 */
export function prepareCompaction(
  services: Services,
  request: ClientRequest,
  target: AttemptTarget,
): Compaction | undefined {
  const { context, catalog, requestedModel } = request
  const requested = context?.compaction
  if (context === undefined || requested === undefined) {
    return undefined
  }
  request.prompt.canonical()
  const json = context.apply(toWellFormed(request.body), target.model)
  const parsed = parseRequest(countTokensRequest, json)
  if (estimateTokens(parsed, target.model) < requested.triggerTokens) {
    return undefined
  }
  const model = catalog.compaction?.model ?? requestedModel
  const conversation = { json, parsed, requested }
  const compaction: Compaction = {
    model,
    isAlone: requested.isAlone,
    headers: {},
    run: () => run(services, request, conversation, model),
  }
  return requested.isAlone
    ? { ...compaction, headers: toHeaders(services, { ...request, compaction }, target) }
    : compaction
}

/** Reports what a request asks for besides, since no attempt will. */
function toHeaders(
  services: Services,
  request: ClientRequest,
  target: AttemptTarget,
): Record<string, string> {
  const report = createReport()
  const { body, context } = request
  reportExtraFields(body.json, toTargetName(target.name), report, () => toServed(request, target))
  context?.report(report)
  return gatewayHeaders({ services, request, target, report })
}

interface Conversation {
  /** The client's request after its edits. */
  json: JsonObject
  parsed: CountTokensRequest
  requested: CompactionRequest
}

async function run(
  services: Services,
  request: ClientRequest,
  { json, parsed, requested }: Conversation,
  model: string,
): Promise<CompactionResult | { failure: Failure }> {
  const { instructions } = requested
  const put = (name: string): ReturnType<typeof ask> =>
    ask(services, request, {
      purpose: 'compaction',
      json: toQuestion(json, { model: name, instructions }),
      maxMs,
    })
  const { requestedModel } = request
  const first = await put(model)
  // Who may not use the operator's model may still use the one that was asked for.
  const answered =
    'failure' in first && model !== requestedModel && isForbidden(first.failure)
      ? await put(requestedModel)
      : first
  const summary = 'message' in answered ? readSummary(answered.message) : undefined
  if (summary === undefined && requested.isSigned) {
    return { failure: toFailure(answered) }
  }
  const block = await toBlock(summary, parsed, requested)
  const usage = 'message' in answered ? readIteration(answered.message, 'compaction') : undefined
  const messages = toContinued(asArray(json['messages']), block)
  return { block, usage, continued: summary === undefined ? undefined : { ...json, messages } }
}

async function toBlock(
  summary: string | undefined,
  parsed: CountTokensRequest,
  { isSigned }: CompactionRequest,
): Promise<CompactionBlock> {
  if (summary === undefined) {
    return { type: 'compaction', content: null, encrypted_content: null }
  }
  const tool_changes = summarizeToolChanges(parsed)
  const sealed = await seal({ content: summary, tool_changes }, sha256)
  const block = { type: 'compaction', content: summary } as const
  return isSigned
    ? { ...block, encrypted_content: null, signature: sealed, tool_changes }
    : { ...block, encrypted_content: sealed, tool_changes }
}

/**
 * Whether a failure forbids the use of the summary's model: it may not be the key's, have no price, or not be where the
 * request is bound to.
 */
function isForbidden({ kind }: Failure): boolean {
  return ['model_not_allowed', 'unpriced_model', 'invalid_request'].includes(kind)
}

/** The client can act on the limits of its key; all else may pass. */
function toFailure(answered: { message: unknown } | { failure: Failure }): Failure {
  const failure = 'failure' in answered ? answered.failure : undefined
  switch (failure?.kind) {
    case 'limit_reached':
    case 'budget_reached':
    case 'client_disconnected':
      return failure
    default:
      return { kind: 'compaction_unavailable' }
  }
}
