/** Token counting by `POST /responses/input_tokens`. */
import { asCount, asObject } from '../../../anthropic/json.ts'
import type { CountTokensRequest } from '../../../anthropic/request/request.ts'
import type { RequestContext, DialectTarget, UpstreamRequest } from '../../dialect.ts'
import type { ResponsesQuirks } from '../quirks.ts'
import { toRequest } from './request.ts'

/**
 * The request fields that the endpoint accepts
 * (https://platform.openai.com/docs/api-reference/responses/input-tokens).
 */
const fields = new Set([
  'model',
  'input',
  'instructions',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning',
  'text',
])

/** An output limit for the translation, which requires one; nothing is generated. */
const anyMaxTokens = 32_000

/** Translates a token count request for `/responses/input_tokens`. */
export function toCountRequest(
  request: CountTokensRequest,
  target: DialectTarget<ResponsesQuirks>,
  context: RequestContext,
): UpstreamRequest {
  const upstream = toRequest({ ...request, max_tokens: anyMaxTokens }, target, context)
  const known = Object.entries(upstream.body).filter(([field]) => fields.has(field))
  return { ...upstream, path: '/responses/input_tokens', body: Object.fromEntries(known) }
}

/** Reads the count from the parsed response; undefined if it has none. */
export function readCount(body: unknown): number | undefined {
  return asCount(asObject(body)?.['input_tokens'])
}
