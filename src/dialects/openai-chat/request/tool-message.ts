/** A tool's result as one message. */
import type { Content } from '../../shared/conversation/content.ts'
import { withErrorMark } from '../../shared/conversation/turns.ts'
import type { ToolResult } from '../../shared/conversation/turns.ts'
import type { ToToolId } from '../../shared/tools/tool-ids.ts'
import type { ChatQuirks } from '../quirks.ts'
import type { ChatMessage, UserPart, VendorMessage } from '../wire.ts'
import { toTextContent, toUserContent } from './user-content.ts'

/** The media of a result that a tool message cannot contain, and that follow in a user message. */
export function mediaOf({ content }: ToolResult): Content[] {
  return content.filter(isMedia)
}

/** Translates a tool result to a message. */
export function toToolMessage(
  result: ToolResult,
  quirks: ChatQuirks,
  toToolId: ToToolId,
): ChatMessage | VendorMessage {
  const head = {
    role: 'tool' as const,
    tool_call_id: toToolId(result.callId, result.name),
    ...(quirks.tool_result_names ? { name: result.name } : {}),
  }
  const content = withErrorMark(result)
  if (quirks.images_in_tool_results && content.some(isMedia)) {
    return { ...head, content: toParts(content, quirks) }
  }
  const texts = content.filter((piece) => piece.type === 'text')
  // An empty result would look like a tool without output.
  const isElsewhere = texts.length === 0 && content.length > 0
  return {
    ...head,
    content: isElsewhere ? '[see the next message]' : toTextContent(texts, quirks),
  }
}

function isMedia(piece: Content): boolean {
  return piece.type !== 'text'
}

function toParts(content: readonly Content[], quirks: ChatQuirks): UserPart[] {
  const parts = toUserContent(content, quirks)
  return typeof parts === 'string' ? [{ type: 'text', text: parts }] : parts
}
