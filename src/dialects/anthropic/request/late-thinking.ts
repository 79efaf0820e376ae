/**
 * Thinking that tool calls of the history rule out. Anthropic: ``Expected `thinking` or
 * `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant`
 * message must start with a thinking block``. Hosts of other models: ``The `content[].thinking` in the
 * thinking mode must be passed back to the API``. A client whose history has tool calls of another
 * model cannot know that, nor fix it.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asObject, asString, isObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import { withThinkingDisabled } from '../../../anthropic/request/thinking-blocks.ts'
import { omitKeys } from '../../shared/schema/schema-walk.ts'
import type { AnthropicQuirks } from '../quirks.ts'

/**
 * The body without thinking if the host would reject it, given the calls that must have thinking
 * with them; otherwise the same object. Foreign thinking is removed before.
 */
export function withoutLateThinking(
  body: JsonObject,
  needed: AnthropicQuirks['call_thinking'],
  report: Report,
): JsonObject {
  const type = asObject(body['thinking'])?.['type']
  const messages = asArray(body['messages'])
  if (needed === 'open' && type === 'enabled' && isLate(messages)) {
    report.map('thinking', 'disabled')
    return withoutThinkingEdits(omitKeys(body, new Set(['thinking'])), report)
  }
  // These hosts think by default.
  return needed === 'all' && type !== 'disabled' && messages.some(lacksThinking)
    ? withThinkingDisabled(body, report)
    : body
}

function isLate(messages: readonly unknown[]): boolean {
  const isRunning = blocksOf(messages.at(-1)).some(({ type }) => type === 'tool_result')
  const last = messages.findLast((message) => asObject(message)?.['role'] === 'assistant')
  const [first] = blocksOf(last)
  return isRunning && (first === undefined || !isThinking(first))
}

/** Whether a message has tool calls and no thinking. */
function lacksThinking(message: unknown): boolean {
  const blocks = blocksOf(message)
  return blocks.some(({ type }) => type === 'tool_use') && !blocks.some(isThinking)
}

function isThinking({ type }: JsonObject): boolean {
  return type === 'thinking' || type === 'redacted_thinking'
}

function blocksOf(message: unknown): JsonObject[] {
  return asArray(asObject(message)?.['content']).filter(isObject)
}

/** The body without the context edit `clear_thinking_20251015`, which requires thinking. */
function withoutThinkingEdits(body: JsonObject, report: Report): JsonObject {
  const management = asObject(body['context_management'])
  const edits = asArray(management?.['edits'])
  const kept = edits.filter(
    (edit) => !asString(asObject(edit)?.['type'])?.startsWith('clear_thinking'),
  )
  if (kept.length === edits.length) {
    return body
  }
  report.ignore('context_management.edits')
  return { ...body, context_management: { ...management, edits: kept } }
}
