import type { ToolStart } from './part.ts'
/** The events of an answer's blocks: numbers them, and has at most one open. */
import type { Citation } from './wire/citation.ts'
import type { AnswerBlock, Delta, StreamEvent } from './wire/message.ts'
import type { WholeBlock } from './wire/whole-blocks.ts'

type BlockKind = 'text' | 'thinking' | 'tool' | 'whole'

export class BlockEvents {
  /** The index of the last block that was opened. */
  #index = -1
  #openKind: BlockKind | undefined
  #lastKind: BlockKind | undefined
  /** The call of the last tool block. */
  #call: number | undefined
  #characters = 0
  #events: StreamEvent[] = []

  /** Whether a block was opened. */
  get hasContent(): boolean {
    return this.#index >= 0
  }

  get openKind(): BlockKind | undefined {
    return this.#openKind
  }

  /** The kind of the last block that was opened, open or not. */
  get lastKind(): BlockKind | undefined {
    return this.#lastKind
  }

  /** Characters of content that were emitted. */
  get characters(): number {
    return this.#characters
  }

  isOpenCall(call: number): boolean {
    return this.#openKind === 'tool' && this.#call === call
  }

  /** Opens a text block, unless one is open. */
  openText(): void {
    if (this.#openKind !== 'text') {
      this.#open('text', { type: 'text', text: '' })
    }
  }

  /** Cites for the open text block, or opens one as Anthropic opens a block that cites. */
  cite(citation: Citation): void {
    if (this.#openKind !== 'text') {
      this.#open('text', { type: 'text', text: '', citations: [] })
    }
    this.delta({ type: 'citations_delta', citation }, 0)
  }

  /** Opens a thinking block, unless one is open. */
  openThinking(): void {
    if (this.#openKind !== 'thinking') {
      this.#open('thinking', { type: 'thinking', thinking: '', signature: '' })
    }
  }

  openTool(start: ToolStart): void {
    const { id, call } = start
    this.#open(
      'tool',
      start.isServer === true
        ? { type: 'server_tool_use', id, name: start.name, input: {} }
        : { type: 'tool_use', id, name: start.name, input: {} },
    )
    this.#call = call
  }

  /** Emits a block that is complete when it starts. A summary comes as its only delta, as at Anthropic. */
  whole(block: WholeBlock): void {
    if (block.type === 'compaction') {
      const { content, encrypted_content } = block
      this.#open('whole', { ...block, content: null, encrypted_content: null })
      this.delta({ type: 'compaction_delta', content, encrypted_content }, 0)
    } else {
      this.#open('whole', block)
    }
    this.close()
  }

  /** Emits a delta of the open block. `characters`: how much of it is content. */
  delta(delta: Delta, characters: number): void {
    this.#characters += characters
    this.#events.push({ type: 'content_block_delta', index: this.#index, delta })
  }

  /** Closes the open block, if there is one. `signature`: of a thinking block. */
  close(signature = ''): void {
    if (this.#openKind === undefined) {
      return
    }
    if (this.#openKind === 'thinking') {
      this.delta({ type: 'signature_delta', signature }, 0)
    }
    this.#events.push({ type: 'content_block_stop', index: this.#index })
    this.#openKind = undefined
  }

  /** Adds events that belong to no block. */
  push(...events: readonly StreamEvent[]): void {
    this.#events.push(...events)
  }

  /** Returns the events since the last call. */
  take(): StreamEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }

  #open(kind: BlockKind, content_block: AnswerBlock): void {
    this.#index += 1
    this.#events.push({ type: 'content_block_start', index: this.#index, content_block })
    this.#openKind = kind
    this.#lastKind = kind
  }
}
