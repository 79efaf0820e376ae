/** What the writer knows of the message that it writes, and the questions that it asks of it. */
import type { Failure } from '../error.ts'
import type { Beginning } from './message-start.ts'
import type { StreamEvent } from './message.ts'
import type { WaitingBlock } from './waiting.ts'

export interface WriterOptions extends Beginning {
  requestId: string
  /** Input tokens, for `message_start` and for upstreams that report no usage. */
  estimatedInput: () => number
  /** The events become a message in one piece, of whose usage only the last word counts. */
  isFolded?: boolean
}

export type Phase =
  | { name: 'before' }
  | { name: 'between' }
  | { name: 'inside'; block: OpenBlock }
  | { name: 'after' }

export type OpenBlock = { kind: 'text' } | { kind: 'thinking' } | { kind: 'tool'; call: number }

export interface State {
  phase: Phase
  /** Of the last block that was opened. */
  index: number
  /** Characters of content, for an estimate where the upstream reports no usage. */
  characters: number
  hasTools: boolean
  /** The last block that was opened, open or not. */
  lastKind: OpenBlock['kind'] | undefined
  waiting: WaitingBlock[]
  /** Characters that came while something waited: no less than what waits. */
  held: number
  failure: Failure | undefined
  /** Where events go: the caller's array. */
  events: StreamEvent[]
  options: WriterOptions
}

/** The block that is open. */
export function openKind(state: State): OpenBlock['kind'] | undefined {
  return state.phase.name === 'inside' ? state.phase.block.kind : undefined
}

/** Whether it is that call. */
export function isOpenCall({ phase }: State, call: number): boolean {
  return phase.name === 'inside' && phase.block.kind === 'tool' && phase.block.call === call
}
