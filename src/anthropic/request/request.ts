/**
 * The schemas of client requests to `/v1/messages` and `/v1/messages/count_tokens`.
 *
 * The schemas validate only what the gateway reads: clients often gain fields, and nothing is
 * rejected for being unknown (a block of an unknown type is parsed as `other`, unknown top-level
 * fields are listed by {@link unknownFields}).
 *
 * Schemas that not every request needs are built at their first use: building schemas is most of a
 * cold start.
 */
import * as z from 'zod/mini'

import { lazySchema } from '../../platform/lazy-schema.ts'
import { invalidAt, invalidRequest } from '../error.ts'
import { describeIssues } from '../issues.ts'
import type { JsonObject } from '../json.ts'
import { maxToolName, readCommonBlock, readCommonMessage, readCommonTool } from './common-shapes.ts'
import {
  cacheControl,
  contentBlock,
  optionalFlag,
  optionalText,
  textBlock,
} from './content-block.ts'
import { listOf, pushIssues, tagged } from './schema-combinators.ts'

/** A message of the conversation. */
export const message = z.object({
  role: z.enum(['user', 'assistant', 'system']),
  content: z.union([z.string(), listOf(contentBlock, readCommonBlock)]),
  /**
   * When a system message expires: `next_user_message` removes it from the prompt of later turns.
   */
  clear_at: z.optional(z.unknown()),
})

/** One message of a request's conversation. */
export type MessageParam = z.infer<typeof message>

/**
 * A record, since zod would move the `type` of an object schema to the front, and upstreams cache
 * by prefix.
 */
const inputSchema = z.record(z.string(), z.unknown())

/** The schema of a tool that the client defines and runs. */
export const customTool = lazySchema(() =>
  z.object({
    type: z.optional(z.nullable(z.literal('custom'))),
    /**
     * The tool's name: longer and with more characters than Anthropic allows, since dialects
     * shorten and restore names.
     */
    name: z.string().check(z.minLength(1), z.maxLength(maxToolName)),
    description: optionalText,
    input_schema: inputSchema,
    cache_control: cacheControl,
    strict: optionalFlag,
    defer_loading: optionalFlag,
    eager_input_streaming: optionalFlag,
    input_examples: z.optional(z.nullable(z.array(z.unknown()))),
    allowed_callers: z.optional(z.nullable(listOf(z.string()))),
  }),
)

/** A tool that the client defines and runs. */
export type CustomTool = z.infer<typeof customTool>

/**
 * An Anthropic-defined tool (`bash_20250124`, `web_search_20260318`, …), which has a type instead
 * of a schema.
 */
export interface AnthropicTool {
  type: string
  name?: string
  raw: Record<string, unknown>
}

/**
 * A tool. Custom tools are validated; Anthropic-defined ones are parsed as `{ type, name, raw }`.
 */
const tool: z.ZodMiniType<
  { custom: CustomTool } | { anthropic: AnthropicTool },
  { type?: string | null | undefined }
> = lazySchema(() =>
  z.pipe(
    z.looseObject({ type: optionalText }),
    z.transform((value, context): { custom: CustomTool } | { anthropic: AnthropicTool } => {
      if (value.type !== undefined && value.type !== null && value.type !== 'custom') {
        const name = value['name']
        return {
          anthropic: {
            type: value.type,
            ...(typeof name === 'string' ? { name } : {}),
            raw: value,
          },
        }
      }
      const result = customTool.safeParse(value, { reportInput: true })
      if (result.success) {
        return { custom: result.data }
      }
      pushIssues(context, 'custom', result.error.issues)
      return z.NEVER
    }),
  ),
)

/** An entry of `tools`: a tool of the client's own, or one that Anthropic defines. */
export type ToolParam = z.infer<typeof tool>

const toolChoice = lazySchema(() =>
  z.object({
    type: z.enum(['auto', 'any', 'tool', 'none']),
    name: z.optional(z.string()),
    disable_parallel_tool_use: optionalFlag,
  }),
)

/** An integer, whose message for a wrong type is the API's and not zod's. */
const integer = z.int('Input should be a valid integer')

const thinking = lazySchema(() =>
  z.object({
    type: z.enum(['enabled', 'adaptive', 'disabled', 'between_tools']),
    budget_tokens: z.optional(z.nullable(integer)),
    display: optionalText,
  }),
)

const outputFormat = lazySchema(() =>
  z.object({
    type: z.literal('json_schema'),
    schema: z.record(z.string(), z.unknown()),
  }),
)

const outputConfig = lazySchema(() =>
  z.object({
    effort: z.optional(z.nullable(z.enum(['low', 'medium', 'high', 'xhigh', 'max']))),
    format: z.optional(z.nullable(outputFormat)),
  }),
)

const system = lazySchema(() => z.union([z.string(), listOf(tagged({ text: textBlock }))]))

/** The fields that both endpoints have. */
const shared = {
  model: z.string(),
  messages: listOf(message, readCommonMessage),
  system: z.optional(z.nullable(system)),
  tools: z.optional(z.nullable(listOf(tool, readCommonTool))),
  tool_choice: z.optional(z.nullable(toolChoice)),
  thinking: z.optional(z.nullable(thinking)),
  output_config: z.optional(z.nullable(outputConfig)),
  output_format: z.optional(z.nullable(outputFormat)),
  cache_control: cacheControl,
}

/** The schema of a body for `/v1/messages`. */
export const messagesRequest = z.object({
  ...shared,
  max_tokens: integer.check(z.gte(0)),
  stream: optionalFlag,
  stop_sequences: z.optional(z.nullable(listOf(z.string()))),
  temperature: z.optional(z.nullable(z.number().check(z.gte(0)))),
  top_p: z.optional(z.nullable(z.number())),
  top_k: z.optional(z.nullable(integer)),
  metadata: z.optional(z.nullable(lazySchema(() => z.object({ user_id: optionalText })))),
  service_tier: optionalText,
})

/** The body of a request to `/v1/messages`. */
export type MessagesRequest = z.infer<typeof messagesRequest>

/** The schema of a body for `/v1/messages/count_tokens`. */
export const countTokensRequest = z.object(shared)

/** The body of a request to `/v1/messages/count_tokens`, and what a Messages request shares with it. */
export type CountTokensRequest = z.infer<typeof countTokensRequest>

/**
 * Parses a JSON body. Throws a {@link GatewayError} `invalid_request` in Anthropic's wording for
 * the first issue.
 */
export function parseRequest<Schema extends z.core.$ZodType>(
  schema: Schema,
  body: unknown,
  at = '',
): z.output<Schema> {
  const result = z.safeParse(schema, body, { reportInput: true })
  if (result.success) {
    return result.data
  }
  const { path: inner, message: text } = describeIssues(result.error.issues)
  const path = [at, inner].filter((part) => part !== '').join('.')
  throw path === '' ? invalidRequest(text) : invalidAt(path, text)
}

/** What a request must have whatever the upstream. */
const envelope = lazySchema(() => z.object({ model: z.string(), stream: optionalFlag }))

/**
 * Returns the name of the model that a request is for. Throws a {@link GatewayError} `invalid_request` as
 * {@link parseRequest} does for a `model` or `stream` of another type.
 */
export function readModelName(body: JsonObject): string {
  const { model, stream } = body
  const isCommon =
    typeof model === 'string' && (stream === undefined || typeof stream === 'boolean')
  return isCommon ? model : parseRequest(envelope, body).model
}

/** The top-level keys of a body that are not in the schema, in the client's order. */
export function unknownFields(body: object): string[] {
  return Object.keys(body).filter((key) => !Object.hasOwn(messagesRequest.shape, key))
}
