/** A tool result as the output of a function call. */
import type { Content } from '../../shared/conversation/content.ts'
import { joinTexts } from '../../shared/conversation/join-texts.ts'
import { withErrorMark } from '../../shared/conversation/turns.ts'
import type { ToolResult } from '../../shared/conversation/turns.ts'
import type { ResponsesQuirks } from '../quirks.ts'
import type { FunctionCallOutput } from '../wire.ts'
import { toInputPart } from './content-parts.ts'

/** The media of a result that an output cannot contain, and that follow in a user message. */
export function toUserMedia({ content }: ToolResult, quirks: ResponsesQuirks): Content[] {
  return quirks.media_in_outputs ? [] : content.filter((piece) => piece.type !== 'text')
}

/** Converts a result; `callId` is the upstream's. The output is a string if it is only text. */
export function toCallOutput(
  result: ToolResult,
  callId: string,
  quirks: ResponsesQuirks,
): FunctionCallOutput {
  const content = withErrorMark(result)
  const head = { type: 'function_call_output' as const, call_id: callId }
  const texts = content.flatMap((piece) => (piece.type === 'text' ? [piece.text] : []))
  if (quirks.media_in_outputs && texts.length < content.length) {
    return { ...head, output: content.map(toInputPart) }
  }
  // An empty result would look like a tool without output.
  const isElsewhere = texts.length === 0 && content.length > 0
  return { ...head, output: isElsewhere ? '[see the next message]' : joinTexts(texts) }
}
