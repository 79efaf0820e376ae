/** Token counting by `countTokens`. */
import { asCount, asObject } from '../../../anthropic/json.ts'
import type { CountTokensRequest } from '../../../anthropic/request/request.ts'
import type { RequestContext, DialectTarget, UpstreamRequest } from '../../dialect.ts'
import type { GeminiQuirks } from '../quirks.ts'
import { toMethodPath, toModelName } from './method-path.ts'
import { toPlan } from './plan.ts'
import { toPrompt } from './prompt.ts'

/** Translates a token count request for `countTokens`. */
export function toCountRequest(
  request: CountTokensRequest,
  target: DialectTarget<GeminiQuirks>,
  { report }: RequestContext,
): UpstreamRequest {
  const { quirks, model } = target
  const plan = toPlan(request, target, { report })
  const prompt = toPrompt(request, target, { ...plan, hints: [] }, report)
  // Without the wrapper, only `contents` is counted.
  const wrapped = { generateContentRequest: { model: toModelName(model, quirks), ...prompt } }
  return {
    path: toMethodPath('countTokens', model, quirks),
    body: quirks.count_body === 'wrapped' ? wrapped : prompt,
    stream: false,
    toolNames: plan.names.toClient,
    enforceStops: [],
  }
}

/** Reads `totalTokens` of the parsed response; undefined if it has none. */
export function readCount(body: unknown): number | undefined {
  return asCount(asObject(body)?.['totalTokens'])
}
