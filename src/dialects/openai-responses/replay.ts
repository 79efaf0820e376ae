/** Reasoning on its way back, each item in front of what came of it. */
import { asString } from '../../anthropic/json.ts'
import type { Target } from '../dialect.ts'
import type { Speech } from '../entries.ts'
import type { ResponsesQuirks } from './quirks.ts'
import type { Phase, ReasoningState } from './reasoning.ts'
import { readThinkingSource, textsOf } from './reasoning.ts'
import type { Reasoning } from './wire.ts'

export interface Replay {
  /** Absent where nothing goes back. */
  item?: Reasoning
  /** Of the message that follows, as the provider told it. */
  phase?: Phase
}

type Thinking = Extract<Speech, { type: 'thinking' }>

/** What of a thinking block this upstream gets back. */
export function toReplay(block: Thinking, target: Target<ResponsesQuirks>): Replay {
  const { quirks } = target
  const source = readThinkingSource(block.signature, target)
  switch (source.from) {
    case 'here': {
      const canRead = quirks.replay_scope === 'provider' || source.model === target.model
      const item = toOwnItem(block.text, canRead ? source.state : {}, quirks)
      const { phase } = source.state
      return { ...(item === undefined ? {} : { item }), ...(phase === undefined ? {} : { phase }) }
    }
    case 'elsewhere': {
      const item = quirks.replay_foreign ? toTextItem(block.text, quirks) : undefined
      return item === undefined ? {} : { item }
    }
    case 'unknown':
      return {}
  }
}

function toOwnItem(
  text: string,
  { item, shows }: ReasoningState,
  quirks: ResponsesQuirks,
): Reasoning | undefined {
  if (quirks.replay === 'never') {
    return undefined
  }
  const isEncrypted = asString(item?.['encrypted_content']) !== undefined
  if (item === undefined || !(isEncrypted || quirks.replay === 'text')) {
    return toTextItem(text, quirks)
  }
  const { id, summary, ...rest } = item
  return {
    ...rest,
    type: 'reasoning',
    ...(quirks.reasoning_ids && typeof id === 'string' ? { id } : {}),
    summary: toSummary(summary),
    ...(shows === 'content' ? { content: toContent(text) } : {}),
  }
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
