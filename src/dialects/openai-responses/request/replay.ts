/** Reasoning of the history: each item is sent before the item that it led to. */
import { asString } from '../../../anthropic/json.ts'
import type { DialectTarget } from '../../dialect.ts'
import type { TextOrThinking } from '../../shared/conversation/read-messages.ts'
import type { ResponsesQuirks } from '../quirks.ts'
import type { Phase, ReasoningState } from '../reasoning.ts'
import { readThinkingSource, textsOf } from '../reasoning.ts'
import type { Reasoning } from '../wire.ts'

/** What is sent for one thinking block: its reasoning item, and the phase of the message that follows. */
export interface Replay {
  /** The reasoning item; absent if it is not returned. */
  item?: Reasoning
  /** The phase of the message that follows, as the provider reported it. */
  phase?: Phase
}

type Thinking = Extract<TextOrThinking, { type: 'thinking' }>

/** Converts a thinking block to what this upstream receives. */
export function toReplay(
  { text, signature }: Thinking,
  target: DialectTarget<ResponsesQuirks>,
): Replay {
  const { quirks, model } = target
  const source = readThinkingSource(signature, target)
  if (source.from === 'unknown') {
    return {}
  }
  const isOwn =
    source.from === 'here' && (quirks.replay_scope === 'provider' || source.model === model)
  const item = isOwn ? toOwnItem(text, source.state, quirks) : toForeignItem(text, quirks)
  const phase = source.from === 'here' ? source.state.phase : undefined
  return { ...(item === undefined ? {} : { item }), ...(phase === undefined ? {} : { phase }) }
}

function toOwnItem(
  text: string,
  { item, shows }: ReasoningState,
  quirks: ResponsesQuirks,
): Reasoning | undefined {
  const isEncrypted = asString(item?.['encrypted_content']) !== undefined
  if (item === undefined || (quirks.replay === 'encrypted' && !isEncrypted)) {
    return toTextItem(text, quirks)
  }
  if (quirks.replay === 'never') {
    return undefined
  }
  // The type is fixed, since a client may have changed the signature.
  const { type: _, id, summary, ...rest } = item
  return {
    type: 'reasoning',
    ...(quirks.reasoning_ids && typeof id === 'string' ? { id } : {}),
    summary: toSummary(summary),
    ...(shows === 'content' ? { content: toContent(text) } : {}),
    ...rest,
  }
}

function toForeignItem(text: string, quirks: ResponsesQuirks): Reasoning | undefined {
  return quirks.replay_foreign ? toTextItem(text, quirks) : undefined
}

function toTextItem(text: string, quirks: ResponsesQuirks): Reasoning | undefined {
  return quirks.replay !== 'text' || text === ''
    ? undefined
    : { type: 'reasoning', summary: [], content: toContent(text) }
}

function toContent(text: string): NonNullable<Reasoning['content']> {
  return [{ type: 'reasoning_text', text }]
}

/** The item's summary, which is required even if it is empty. */
function toSummary(summary: unknown): Reasoning['summary'] {
  return textsOf({ summary }, 'summary').map((text) => ({ type: 'summary_text', text }))
}
