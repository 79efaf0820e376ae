/**
 * An assistant turn as one message: text, then tool calls, and reasoning if the server accepts it.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import type { DialectTarget } from '../../dialect.ts'
import { joinTexts } from '../../shared/conversation/join-texts.ts'
import type { HistoryCall, TextOrThinking } from '../../shared/conversation/read-messages.ts'
import type { ToToolId } from '../../shared/tools/tool-ids.ts'
import type { ChatQuirks } from '../quirks.ts'
import type { AssistantMessage, ToolCall, VendorMessage } from '../wire.ts'
import { toReplay } from './replay.ts'

/**
 * What the translation of assistant turns needs: valid ids of calls, whether the request thinks, and the
 * report.
 */
export interface AnswerContext {
  toToolId: ToToolId
  /** Whether the model will think in its answer. */
  isThinking: boolean
  report: Report
}

/** Translates an assistant turn to one message. */
export function toAssistantMessage(
  content: readonly (TextOrThinking | HistoryCall)[],
  target: DialectTarget<ChatQuirks>,
  context: AnswerContext,
): AssistantMessage | VendorMessage {
  const { fields, callFields, parts, prefix } = toReplay(content, target, context)
  const calls = content
    .filter((item) => item.type === 'call')
    .map((call) => toToolCall(call, context.toToolId, callFields.get(call.id)))
  const text = prefix + toText(content)
  const empty = target.quirks.empty_content === 'null' ? null : ''
  return {
    ...fields,
    role: 'assistant',
    content:
      parts.length === 0
        ? text || empty
        : [...parts, ...(text === '' ? [] : [{ type: 'text' as const, text }])],
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  }
}

/**
 * The text of a turn: adjacent blocks of one message are segments of one text (citations split it);
 * blocks that tool calls or messages separate are paragraphs.
 */
function toText(content: readonly (TextOrThinking | HistoryCall)[]): string {
  const paragraphs: string[] = []
  /** The path of the item before, if it is a text. */
  let before: string | undefined
  for (const item of content) {
    if (item.type !== 'text') {
      before = undefined
      continue
    }
    const isSegment = before !== undefined && messageOf(before) === messageOf(item.path)
    paragraphs.push(isSegment ? (paragraphs.pop() ?? '') + item.text : item.text)
    before = item.path
  }
  return joinTexts(paragraphs)
}

function messageOf(path: string): string {
  return path.split('.', 2).join('.')
}

function toToolCall(
  call: HistoryCall,
  toToolId: ToToolId,
  fields: JsonObject | undefined,
): ToolCall {
  return {
    ...fields,
    id: toToolId(call.id, call.name),
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.input) },
  }
}
