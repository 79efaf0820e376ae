/**
 * Thinking with a budget cannot begin while tool calls are open: ``Expected `thinking` or
 * `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant`
 * message must start with a thinking block``. A client whose history has tool calls of another
 * model cannot know that, nor fix it.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asObject, asString, isObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import { isPortable } from '../../../anthropic/signature.ts'
import { omitKeys } from '../../shared/tools/schema-walk.ts'

/** The body without thinking if Anthropic would reject it; otherwise the same object. */
export function withoutLateThinking(body: JsonObject, report: Report): JsonObject {
  if (asObject(body['thinking'])?.['type'] !== 'enabled' || !isLate(asArray(body['messages']))) {
    return body
  }
  report.map('thinking', 'disabled')
  return withoutThinkingEdits(omitKeys(body, new Set(['thinking'])), report)
}

function isLate(messages: readonly unknown[]): boolean {
  const isRunning = blocksOf(messages.at(-1)).some(({ type }) => type === 'tool_result')
  const last = messages.findLast((message) => asObject(message)?.['role'] === 'assistant')
  const first = blocksOf(last).find((block) => !isOurThinking(block))
  return isRunning && first?.['type'] !== 'thinking' && first?.['type'] !== 'redacted_thinking'
}

function blocksOf(message: unknown): JsonObject[] {
  return asArray(asObject(message)?.['content']).filter(isObject)
}

/** Whether a block is gateway-signed thinking, which is not sent to Anthropic. */
function isOurThinking({ type, signature }: JsonObject): boolean {
  return type === 'thinking' && isPortable(asString(signature))
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
