/** The conversation as input items: calls and their outputs, then user content. */
import type { Report } from '../../../anthropic/report.ts'
import { append } from '../../../platform/append.ts'
import type { DialectTarget } from '../../dialect.ts'
import type { Content } from '../../shared/conversation/content.ts'
import { toFileName, toMediaUrl } from '../../shared/conversation/content.ts'
import { joinTexts } from '../../shared/conversation/join-texts.ts'
import type { SystemBlock } from '../../shared/conversation/system-text.ts'
import type { Turn, ToolResult } from '../../shared/conversation/turns.ts'
import { withErrorMark } from '../../shared/conversation/turns.ts'
import { createToolIds } from '../../shared/tools/tool-ids.ts'
import type { ResponsesQuirks } from '../quirks.ts'
import type { FunctionCallOutput, InputItem, InputPart } from '../wire.ts'
import { toAssistantItems } from './assistant-items.ts'

/** The items of a conversation, and the system messages that are sent as instructions. */
export interface Conversation {
  input: InputItem[]
  /** System messages that were moved out of the conversation. */
  system: SystemBlock[]
}

/** Converts the turns to input items; `last` is the path of the client's last message. */
export function toInput(
  turns: readonly Turn[],
  target: DialectTarget<ResponsesQuirks>,
  { last, report }: { last: string; report: Report },
): Conversation {
  const { quirks } = target
  const toToolId = createToolIds('openai')
  const input: InputItem[] = []
  const system: SystemBlock[] = []
  /** User content, collected until an item of another role, so that it becomes one message. */
  let pending: Content[] = []

  function flush(): void {
    if (pending.length > 0) {
      input.push({ type: 'message', role: 'user', content: pending.map(toInputPart) })
      pending = []
    }
  }

  for (const turn of turns) {
    switch (turn.role) {
      case 'user':
        append(pending, turn.content)
        break
      case 'system':
        if (quirks.mid_system === 'merge') {
          system.push(turn)
        } else if (quirks.mid_system === 'inline') {
          flush()
          input.push(toSystemMessage('system', turn.text))
        } else {
          pending.push(toReminder(turn))
        }
        break
      case 'assistant':
        flush()
        append(input, toAssistantItems(turn.content, target, { toToolId, report }))
        break
      case 'results':
        for (const result of turn.results) {
          input.push(toCallOutput(result, toToolId(result.callId, result.name), quirks))
          append(pending, toUserMedia(result, quirks))
        }
        break
    }
  }
  flush()
  askToContinue(input, last, report)
  return { input: quirks.output_items ? input.map(toOutputItem) : input, system }
}

/** Makes a system or developer message. */
export function toSystemMessage(role: 'system' | 'developer', text: string): InputItem {
  return { type: 'message', role, content: [{ type: 'input_text', text }] }
}

function toReminder({ path, text }: SystemBlock): Content {
  return { type: 'text', path, text: `<system-reminder>\n${text}\n</system-reminder>` }
}

/**
 * Appends a user message that asks to continue a prefilled answer, since the API does not continue
 * one.
 */
function askToContinue(input: InputItem[], path: string, report: Report): void {
  const last = input.at(-1)
  if (last?.type !== 'message' || last.role !== 'assistant' || typeof last.content !== 'string') {
    return
  }
  last.content = last.content.trimEnd()
  input.push({
    type: 'message',
    role: 'user',
    content: [{ type: 'input_text', text: 'Continue.' }],
  })
  report.map(path, 'user: Continue.')
}

/**
 * Converts an item to the form of output items, for providers that require it. Its id is its index,
 * so that the same conversation has the same ids and prefix caches hit.
 */
function toOutputItem(item: InputItem, index: number): InputItem {
  if (item.type === 'function_call') {
    return { ...item, id: `fc_${index}`, status: 'completed' }
  }
  if (item.type === 'reasoning') {
    return { ...item, id: item.id ?? `rs_${index}` }
  }
  if (item.type === 'message' && item.role === 'assistant' && typeof item.content === 'string') {
    const { content: text, ...message } = item
    return {
      ...message,
      id: `msg_${index}`,
      status: 'completed',
      content: [{ type: 'output_text', text, annotations: [] }],
    }
  }
  return item
}

/** The media of a result that an output cannot contain, and that follow in a user message. */
function toUserMedia({ content }: ToolResult, quirks: ResponsesQuirks): Content[] {
  return quirks.media_in_outputs ? [] : content.filter((piece) => piece.type !== 'text')
}

/** Converts a result; `callId` is the upstream's. The output is a string if it is only text. */
function toCallOutput(
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

/** User content, or a part of a tool result. */
function toInputPart(piece: Content): InputPart {
  switch (piece.type) {
    case 'text':
      return { type: 'input_text', text: piece.text }
    case 'image':
      return { type: 'input_image', image_url: toMediaUrl(piece.source), detail: 'auto' }
    case 'pdf':
      return 'url' in piece.source
        ? { type: 'input_file', file_url: piece.source.url }
        : {
            type: 'input_file',
            filename: toFileName(piece),
            file_data: toMediaUrl(piece.source),
          }
  }
}
