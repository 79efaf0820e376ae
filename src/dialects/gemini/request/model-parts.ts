/**
 * An assistant turn as parts, with each thought signature on the part that it arrived with. The
 * text of reasoning is not returned: the signatures contain it.
 */
import type { Report } from '../../../anthropic/report.ts'
import { append } from '../../../platform/append.ts'
import type { DialectTarget } from '../../dialect.ts'
import type { HistoryCall, TextOrThinking } from '../../shared/conversation/read-messages.ts'
import { ignoreThinking } from '../../shared/thinking/ignore-thinking.ts'
import type { GeminiQuirks } from '../quirks.ts'
import type { ThoughtState } from '../thought-signature.ts'
import { readThoughtState, unsigned } from '../thought-signature.ts'
import type { FunctionCallPart, ModelPart } from '../wire.ts'

/** The upstream's ids of tool calls by the client's ids. */
export type CallIds = Map<string, string>

/**
 * Converts an assistant turn to parts. Upstream ids of calls that are found in signatures are added
 * to `ids`.
 */
export function toModelParts(
  content: readonly (TextOrThinking | HistoryCall)[],
  target: DialectTarget<GeminiQuirks>,
  { ids, report }: { ids: CallIds; report: Report },
): ModelPart[] {
  const parts: ModelPart[] = []
  let state: ThoughtState = {}
  for (const item of content) {
    switch (item.type) {
      case 'thinking': {
        append(parts, fromLeftover(state))
        state = readThoughtState(item.signature, target)
        if (Object.keys(state).length === 0) {
          ignoreThinking(report)
        }
        if (state.thought !== undefined) {
          parts.push({ text: item.text, thought: true, thoughtSignature: state.thought })
        }
        break
      }
      case 'text':
        append(parts, toTextParts(item.text, state))
        state = withoutText(state)
        break
      case 'call':
        append(parts, fromLeftover(state))
        parts.push(toCallPart(item, state, target, ids))
        state = {}
        break
    }
  }
  append(parts, fromLeftover(state))
  return target.quirks.signed_calls ? withSignedCall(parts) : parts
}

/**
 * Splits a client's text block into the signed part and the rest, which were streamed as one block.
 */
function toTextParts(text: string, { text: signature, length = 0 }: ThoughtState): ModelPart[] {
  if (signature === undefined) {
    return [{ text }]
  }
  const signed = text.slice(0, length)
  const rest = text.slice(length)
  return [{ text: signed, thoughtSignature: signature }, ...(rest === '' ? [] : [{ text: rest }])]
}

function withoutText({ text: _text, length: _length, ...state }: ThoughtState): ThoughtState {
  return state
}

/** A part for a text signature without its text: an empty part, as streams have it. */
function fromLeftover({ text }: ThoughtState): ModelPart[] {
  return text === undefined ? [] : [{ text: '', thoughtSignature: text }]
}

function toCallPart(
  { id, name, input }: HistoryCall,
  state: ThoughtState,
  { quirks }: DialectTarget<GeminiQuirks>,
  ids: CallIds,
): FunctionCallPart {
  const callId = state.id ?? id
  ids.set(id, callId)
  return {
    functionCall: { ...(quirks.call_ids ? { id: callId } : {}), name, args: input },
    ...(state.call === undefined ? {} : { thoughtSignature: state.call }),
  }
}

/**
 * The parts with a signature on the first function call, which Gemini requires for parallel calls.
 */
function withSignedCall(parts: readonly ModelPart[]): ModelPart[] {
  const first = parts.findIndex((part) => 'functionCall' in part)
  return parts.map((part, index) =>
    index === first && part.thoughtSignature === undefined
      ? { ...part, thoughtSignature: unsigned }
      : part,
  )
}
