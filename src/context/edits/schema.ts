/**
 * The schema of `context_management`
 * (https://platform.claude.com/docs/en/build-with-claude/context-editing).
 */
import * as z from 'zod/mini'

import { invalidAt } from '../../anthropic/error.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { parseRequest } from '../../anthropic/request/request.ts'
import type { OtherBlock } from '../../anthropic/request/schema-combinators.ts'
import { listOf, tagged } from '../../anthropic/request/schema-combinators.ts'

const count = z.int('Input should be a valid integer').check(z.gte(0))
const inputTokens = z.object({ type: z.literal('input_tokens'), value: count })
const toolUses = z.object({ type: z.literal('tool_uses'), value: count })

const clearToolUses = z.object({
  type: z.literal('clear_tool_uses_20250919'),
  trigger: z.nullish(z.discriminatedUnion('type', [inputTokens, toolUses])),
  keep: z.nullish(toolUses),
  clear_at_least: z.nullish(inputTokens),
  exclude_tools: z.nullish(z.array(z.string())),
  clear_tool_inputs: z.nullish(z.union([z.boolean(), z.array(z.string())])),
})

/** The edit `clear_tool_uses_20250919`. */
export type ClearToolUses = z.infer<typeof clearToolUses>

const thinkingTurns = z.object({
  type: z.literal('thinking_turns'),
  value: z.int('Input should be a valid integer').check(z.gte(1)),
})

const clearThinking = z.object({
  type: z.literal('clear_thinking_20251015'),
  keep: z.nullish(z.union([z.literal('all'), z.object({ type: z.literal('all') }), thinkingTurns])),
})

/** The edit `clear_thinking_20251015`. */
export type ClearThinking = z.infer<typeof clearThinking>

const compact = z.object({
  type: z.literal('compact_20260112'),
  trigger: z.nullish(inputTokens),
  pause_after_compaction: z.nullish(z.boolean()),
  instructions: z.nullish(z.string()),
})

/** The edit `compact_20260112`. */
export type Compact = z.infer<typeof compact>

const body = z.object({
  context_management: z.object({
    edits: listOf(
      tagged({
        clear_tool_uses_20250919: clearToolUses,
        clear_thinking_20251015: clearThinking,
        compact_20260112: compact,
      }),
    ),
  }),
})

/** An entry of `context_management.edits`. */
export type ContextEdit = ClearToolUses | ClearThinking | Compact | OtherBlock

/**
 * The edits that a request asks for. Throws a {@link GatewayError} `invalid_request` for wrong parameters, and
 * for an order that Anthropic refuses: thinking is cleared first.
 */
export function readContextEdits({ context_management }: JsonObject): readonly ContextEdit[] {
  const { edits } = parseRequest(body, { context_management }).context_management
  const late = edits.findIndex(({ type }, at) => type === 'clear_thinking_20251015' && at > 0)
  if (late !== -1) {
    const path = `context_management.edits.${late}`
    throw invalidAt(path, '`clear_thinking_20251015` must be the first edit.')
  }
  return edits
}
