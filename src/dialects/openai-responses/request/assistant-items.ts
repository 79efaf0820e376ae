/**
 * An assistant turn as items, in order. A reasoning item must be followed by the item that it led
 * to: `Item 'rs_…' of type 'reasoning' was provided without its required following item.`
 */
import type { Report } from '../../../anthropic/report.ts'
import type { DialectTarget } from '../../dialect.ts'
import type { HistoryCall, TextOrThinking } from '../../shared/conversation/read-messages.ts'
import { ignoreThinking } from '../../shared/thinking/ignore-thinking.ts'
import type { ToToolId } from '../../shared/tools/tool-ids.ts'
import type { ResponsesQuirks } from '../quirks.ts'
import type { Phase } from '../reasoning.ts'
import type { FunctionCall, InputMessage, Reasoning } from '../wire.ts'
import { toReplay } from './replay.ts'

type AssistantMessage = Extract<InputMessage, { role: 'assistant' }>
type AssistantItem = AssistantMessage | FunctionCall | Reasoning

/** Translates an assistant turn to items. */
export function toAssistantItems(
  content: readonly (TextOrThinking | HistoryCall)[],
  target: DialectTarget<ResponsesQuirks>,
  { toToolId, report }: { toToolId: ToToolId; report: Report },
): AssistantItem[] {
  const { quirks } = target
  const items: AssistantItem[] = []
  let phase: Phase | undefined
  let isSeparate = false
  const lastCall = content.findLastIndex((piece) => piece.type === 'call')
  for (const [index, piece] of content.entries()) {
    switch (piece.type) {
      case 'thinking': {
        const replay = toReplay(piece, target)
        phase = replay.phase
        isSeparate = true
        if (replay.item !== undefined) {
          items.push(replay.item)
        } else if (piece.text !== '' || phase === undefined) {
          ignoreThinking(report)
        }
        break
      }
      case 'text':
        addText(items, piece.text, phase ?? guessPhase(index < lastCall, quirks), isSeparate)
        phase = undefined
        isSeparate = false
        break
      case 'call':
        items.push(toCall(piece, toToolId))
        break
    }
  }
  return quirks.group_calls ? callsLast(items) : withoutLoneReasoning(items, report)
}

/**
 * Appends text: adjacent blocks are segments of one text (citations split it), unless thinking
 * separates them.
 */
function addText(
  items: AssistantItem[],
  text: string,
  phase: Phase | undefined,
  isSeparate: boolean,
): void {
  const last = items.at(-1)
  if (last?.type === 'message' && !isSeparate) {
    last.content += text
  } else {
    const withPhase = phase === undefined ? {} : { phase }
    items.push({ type: 'message', role: 'assistant', content: text, ...withPhase })
  }
}

/** The phase of a message without one: `commentary` before a call, `final_answer` at the end. */
function guessPhase(precedesCall: boolean, { phases }: ResponsesQuirks): Phase | undefined {
  if (!phases) {
    return undefined
  }
  return precedesCall ? 'commentary' : 'final_answer'
}

function toCall({ id, name, input }: HistoryCall, toToolId: ToToolId): FunctionCall {
  return {
    type: 'function_call',
    call_id: toToolId(id, name),
    name,
    arguments: JSON.stringify(input),
  }
}

function callsLast(items: readonly AssistantItem[]): AssistantItem[] {
  const isCall = (item: AssistantItem): boolean => item.type === 'function_call'
  return [...items.filter((item) => !isCall(item)), ...items.filter(isCall)]
}

/**
 * The items without reasoning that no item follows. Reasoning in plain text is kept, since it is
 * bound to no other item.
 */
function withoutLoneReasoning(items: readonly AssistantItem[], report: Report): AssistantItem[] {
  return items.filter((item, index) => {
    const next = items[index + 1]
    const isAlone = next === undefined || next.type === 'reasoning'
    const isKept = item.type !== 'reasoning' || item.encrypted_content === undefined || !isAlone
    if (!isKept) {
      ignoreThinking(report)
    }
    return isKept
  })
}
