/** `countTokens`: what a prompt comes to, by the model's own count. */
import { asCount, asObject } from '../../../anthropic/json.ts'
import type { CountTokensRequest } from '../../../anthropic/request/request.ts'
import type { RequestContext, DialectTarget, UpstreamRequest } from '../../dialect.ts'
import type { GeminiQuirks } from '../quirks.ts'
import { toMethodPath, toModelName } from './method-path.ts'
import { toPlan } from './plan.ts'
import { toPrompt } from './prompt.ts'

export function toCountRequest(
  request: CountTokensRequest,
  target: DialectTarget<GeminiQuirks>,
  { report }: RequestContext,
): UpstreamRequest {
  const { quirks, model } = target
  const plan = toPlan(request, target, report)
  const prompt = toPrompt(request, target, { ...plan, hints: [] }, report)
  // A bare request counts its contents only.
  const wrapped = { generateContentRequest: { model: toModelName(model, quirks), ...prompt } }
  return {
    path: toMethodPath('countTokens', model, quirks),
    body: quirks.count_body === 'wrapped' ? wrapped : prompt,
    stream: false,
    toolNames: plan.names.toClient,
    enforceStops: [],
  }
}

/** Undefined where the answer holds no count. */
export function readCount(body: unknown): number | undefined {
  return asCount(asObject(body)?.['totalTokens'])
}
