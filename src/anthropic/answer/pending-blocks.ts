/**
 * Blocks that cannot be written yet. Anthropic's blocks are strictly sequential while upstreams
 * interleave theirs, so what cannot go into the open block is buffered here, in the order in which the
 * blocks began: all that comes while a tool call is open (its arguments may continue), and reasoning that comes
 * after text, until it is known what it led to: more text of the same block (a client would show the answer
 * in splinters), another block, or nothing. Reasoning after the whole answer is dropped.
 */
import type { Part, ToolStart } from './part.ts'
import type { Citation } from './wire/citation.ts'
import type { CompleteBlock } from './wire/complete-blocks.ts'

/** Parts that can wait for a block to end. */
export type BlockPart = Exclude<Part, { type: 'start' | 'usage' | 'stop' | 'failure' }>

type PendingBlock =
  | PendingText
  | { kind: 'thinking'; text: string; signature: string | undefined }
  | { kind: 'whole'; block: CompleteBlock }
  | PendingCall

interface PendingText {
  kind: 'text'
  text: string
  citations: Citation[]
  /** Whether what follows is another block. */
  complete: boolean
}

interface PendingCall {
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

  /** Whether more is pending than a message may have. */
  get isOverfull(): boolean {
    return this.#blocks.length > maxBlocks || this.#characters > maxCharacters
  }

  /** Buffers a part. Throws for a part of a call that is neither open nor pending. */
  add(part: BlockPart): void {
    switch (part.type) {
      case 'text-delta':
        this.#openText().text += part.text
        break
      case 'text-end':
        this.#endText()
        break
      case 'citation':
        this.#openText().citations.push(part.citation)
        break
      case 'thinking-delta':
        this.#addThinking(part.text)
        break
      case 'signature':
        this.#addThinking('', part.signature)
        break
      case 'tool-start':
        this.#addCall(part)
        break
      case 'tool-delta':
        this.#call(part.call).json += part.json
        break
      case 'tool-end':
        this.#call(part.call).complete = true
        break
      case 'block':
        this.#push({ kind: 'whole', block: part.block })
    }
    this.#characters += lengthOf(part)
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

  /** Removes the first block and returns its parts; the last part ends it, unless it is a call that continues. */
  shift(): BlockPart[] | undefined {
    const block = this.#blocks.shift()
    if (block !== undefined && block.kind !== 'thinking') {
      this.#others -= 1
      if (block.kind === 'tool') {
        this.#calls.delete(block.start.call)
      }
    }
    if (this.#blocks.length === 0) {
      this.#characters = 0
    }
    return block && toParts(block)
  }

  #push(block: Exclude<PendingBlock, { kind: 'thinking' }>): void {
    this.#blocks.push(block)
    this.#others += 1
  }

  #openText(): PendingText {
    const last = this.#blocks.at(-1)
    if (last?.kind === 'text' && !last.complete) {
      return last
    }
    const block: PendingText = { kind: 'text', text: '', citations: [], complete: false }
    this.#push(block)
    return block
  }

  #endText(): void {
    const last = this.#blocks.at(-1)
    if (last?.kind === 'text') {
      last.complete = true
    }
  }

  #addThinking(text: string, signature?: string): void {
    const last = this.#blocks.at(-1)
    if (last?.kind === 'thinking' && last.signature === undefined) {
      last.text += text
      last.signature = signature
    } else {
      this.#blocks.push({ kind: 'thinking', text, signature })
    }
  }

  #addCall(start: ToolStart): void {
    const block: PendingCall = { kind: 'tool', start, json: '', complete: false }
    this.#push(block)
    if (!this.#calls.has(start.call)) {
      this.#calls.set(start.call, block)
    }
  }

  #call(call: number): PendingCall {
    const found = this.#calls.get(call)
    if (found === undefined) {
      throw new PartOrderError(`arguments of call ${call}, which is not open`)
    }
    return found
  }
}

function toParts(block: PendingBlock): BlockPart[] {
  switch (block.kind) {
    case 'text': {
      const { citations, text } = block
      const cited = citations.map((citation): BlockPart => ({ type: 'citation', citation }))
      return [...cited, { type: 'text-delta', text }, { type: 'text-end' }]
    }
    case 'thinking': {
      const { text, signature = '' } = block
      const sign: BlockPart = { type: 'signature', signature }
      return text === '' ? [sign] : [{ type: 'thinking-delta', text }, sign]
    }
    case 'whole':
      return [{ type: 'block', block: block.block }]
    case 'tool': {
      const { start, json, complete } = block
      const { call } = start
      return [
        start,
        ...(json === '' ? [] : [{ type: 'tool-delta', call, json } as const]),
        ...(complete ? [{ type: 'tool-end', call } as const] : []),
      ]
    }
  }
}

/** The error for parts in an invalid order, which is a bug of the gateway. */
class PartOrderError extends Error {
  override readonly name = 'PartOrderError'
}

/** Characters of content in a part. */
function lengthOf(part: BlockPart): number {
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
