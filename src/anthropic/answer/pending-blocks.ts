import type { Part, ToolStart } from './part.ts'
/**
 * Blocks that cannot be written yet. Anthropic's blocks are strictly sequential while upstreams
 * interleave theirs, so content of other blocks than the open one is buffered here, in the order in
 * which the blocks began.
 */
import type { Citation } from './wire/citation.ts'
import type { WholeBlock } from './wire/whole-blocks.ts'

export type PendingBlock =
  | PendingText
  | { kind: 'thinking'; text: string; signature: string | undefined }
  | { kind: 'whole'; block: WholeBlock }
  | PendingCall

interface PendingText {
  kind: 'text'
  text: string
  citations: Citation[]
  /** Whether what follows is another block. */
  complete: boolean
}

export interface PendingCall {
  kind: 'tool'
  start: ToolStart
  json: string
  /** Whether the call's arguments are complete. */
  complete: boolean
}

const maxBlocks = 10_000
const maxCharacters = 8 * 1024 * 1024

/** The pending blocks of one message. */
export class PendingBlocks {
  readonly #blocks: PendingBlock[] = []
  readonly #calls = new Map<number, PendingCall>()
  /** The number of pending blocks that are not thinking. */
  #others = 0
  /** Characters that were buffered; an upper bound of what is pending. */
  #characters = 0

  /** Whether only thinking is pending. */
  get hasOnlyThinking(): boolean {
    return this.#others === 0
  }

  /** The kind of the last pending block that is not thinking. */
  get lastKind(): 'text' | 'tool' | 'whole' | undefined {
    const last = this.#blocks.findLast(({ kind }) => kind !== 'thinking')
    return last?.kind === 'thinking' ? undefined : last?.kind
  }

  addText(text: string): void {
    this.#openText().text += text
  }

  addCitation(citation: Citation): void {
    this.#openText().citations.push(citation)
  }

  /** The text so far is a block of its own. */
  endText(): void {
    const last = this.#blocks.at(-1)
    if (last?.kind === 'text') {
      last.complete = true
    }
  }

  addBlock(block: WholeBlock): void {
    this.#blocks.push({ kind: 'whole', block })
    this.#others += 1
  }

  addThinking(text: string, signature?: string): void {
    const last = this.#blocks.at(-1)
    if (last?.kind === 'thinking' && last.signature === undefined) {
      last.text += text
      last.signature = signature
    } else {
      this.#blocks.push({ kind: 'thinking', text, signature })
    }
  }

  addCall(start: ToolStart): void {
    const block: PendingCall = { kind: 'tool', start, json: '', complete: false }
    this.#blocks.push(block)
    this.#others += 1
    if (!this.#calls.has(start.call)) {
      this.#calls.set(start.call, block)
    }
  }

  /** Returns the pending call of that number. Throws if there is none. */
  call(call: number): PendingCall {
    const found = this.#calls.get(call)
    if (found === undefined) {
      throw new PartOrderError(`arguments of call ${call}, which is not open`)
    }
    return found
  }

  /** Marks every pending call as complete. */
  completeCalls(): void {
    for (const call of this.#calls.values()) {
      call.complete = true
    }
  }

  /** Drops pending thinking that no other block follows. */
  dropLastThinking(): void {
    while (this.#blocks.at(-1)?.kind === 'thinking') {
      this.#blocks.pop()
    }
  }

  /** Removes and returns the first block. */
  shift(): PendingBlock | undefined {
    const block = this.#blocks.shift()
    if (block !== undefined && block.kind !== 'thinking') {
      this.#others -= 1
      if (block.kind === 'tool') {
        this.#calls.delete(block.start.call)
      }
    }
    return block
  }

  #openText(): PendingText {
    const last = this.#blocks.at(-1)
    if (last?.kind === 'text' && !last.complete) {
      return last
    }
    const block: PendingText = { kind: 'text', text: '', citations: [], complete: false }
    this.#blocks.push(block)
    this.#others += 1
    return block
  }

  /** Counts a part. Returns whether more is pending than a message may have. */
  isOverfull(part: Part): boolean {
    this.#characters = this.#blocks.length === 0 ? 0 : this.#characters + lengthOf(part)
    return this.#blocks.length > maxBlocks || this.#characters > maxCharacters
  }
}

/** The error for parts in an invalid order, which is a bug of the gateway. */
class PartOrderError extends Error {
  override readonly name = 'PartOrderError'
}

/** Characters of content in a part. */
function lengthOf(part: Part): number {
  switch (part.type) {
    case 'text-delta':
    case 'thinking-delta':
      return part.text.length
    case 'tool-delta':
      return part.json.length
    case 'signature':
      return part.signature.length
    default:
      return 0
  }
}
