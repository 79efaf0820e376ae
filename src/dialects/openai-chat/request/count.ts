/**
 * Token counting by the server. Chat completions have no such endpoint, but self-hosted servers
 * have their own.
 */
import { asCount, asObject, isObject } from '../../../anthropic/json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import type { CountTokensRequest } from '../../../anthropic/request/request.ts'
import type { RequestContext, DialectTarget, UpstreamRequest } from '../../dialect.ts'
import type { ChatQuirks } from '../quirks.ts'
import { toRequest } from './request.ts'

/** Translates a token count request; undefined if the server cannot count. */
export function toCountRequest(
  request: CountTokensRequest,
  target: DialectTarget<ChatQuirks>,
  context: RequestContext,
): UpstreamRequest | undefined {
  const form = target.quirks.count_tokens
  if (form === 'none') {
    return undefined
  }
  const upstream = toRequest({ ...request, max_tokens: anyMaxTokens }, target, context)
  const body = { ...upstream.body }
  switch (form) {
    case 'input_tokens':
      return { ...upstream, path: '/chat/completions/input_tokens', body }
    case 'tokenize':
      // A sibling of `/v1`, under which all other paths are.
      return { ...upstream, path: '/../tokenize', body: pick(body, tokenizeFields) }
    case 'messages':
      return { ...upstream, path: '/messages/count_tokens', body: toMessages(request, target) }
  }
}

/** Reads the count from the parsed response; undefined if it has none. */
export function readCount(body: unknown): number | undefined {
  const { input_tokens: tokens, count } = asObject(body) ?? {}
  return asCount(tokens) ?? asCount(count)
}

/** An output limit for the translation, which requires one; nothing is generated. */
const anyMaxTokens = 32_000

const tokenizeFields = [
  'model',
  'messages',
  'tools',
  'chat_template_kwargs',
  'add_generation_prompt',
  'continue_final_message',
]

function pick(body: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(
    fields.filter((field) => field in body).map((field) => [field, body[field]]),
  )
}

/** The client's own request, whose unknown fields were kept. */
function toMessages(
  { system, messages, tools }: CountTokensRequest,
  { model }: DialectTarget<ChatQuirks>,
): JsonObject {
  return {
    model,
    messages: messages.map(({ role, content }) => ({
      role,
      content: typeof content === 'string' ? content : content.map(toBlock),
    })),
    ...(system === null || system === undefined ? {} : { system }),
    ...(tools === null || tools === undefined
      ? {}
      : { tools: tools.map((tool) => ('custom' in tool ? tool.custom : tool.anthropic.raw)) }),
  }
}

function toBlock(block: object): unknown {
  const { type, raw } = isObject(block) ? block : {}
  return type === 'other' ? raw : block
}
