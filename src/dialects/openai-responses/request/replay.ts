/** Reasoning on its way back, each item in front of what came of it. */
import { asString } from '../../../anthropic/json.ts'
import type { DialectTarget } from '../../dialect.ts'
import type { TextOrThinking } from '../../shared/conversation/read-messages.ts'
import type { ResponsesQuirks } from '../quirks.ts'
import type { Phase, ReasoningState } from '../reasoning.ts'
import { readThinkingSource, textsOf } from '../reasoning.ts'
import type { Reasoning } from '../wire.ts'

export interface Replay {
  /** Absent where nothing goes back. */
  item?: Reasoning
  /** Of the message that follows, as the provider told it. */
  phase?: Phase
}

type Thinking = Extract<TextOrThinking, { type: 'thinking' }>

/** What of a thinking block this upstream gets back. */
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
  // What it is is not for a signature to say: that was in the client's hands.
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

/** Required, if empty. */
function toSummary(summary: unknown): Reasoning['summary'] {
  return textsOf({ summary }, 'summary').map((text) => ({ type: 'summary_text', text }))
}
