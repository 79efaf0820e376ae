/**
 * Writes one message to the client: parts in, events or their text out. The one place that decides when a
 * block opens and closes.
 *
 *   before ──any part──▶ between ──text │ thinking │ tool──▶ inside ─┐ same block: delta, citation
 *                           ▲                                 │  ▲───┘
 *                           └──── signature │ tool-end ───────┘
 * A whole block opens and closes at once.
 *   stop, failure: from anywhere ──▶ after
 *
 * What cannot go into the open block waits in {@link PendingBlocks}.
 */
import type { Failure } from '../error.ts'
import type { AnswerOptions } from './answer-progress.ts'
import { AnswerProgress } from './answer-progress.ts'
import type { AnswerStatus, Delivered } from './answer-status.ts'
import type { Part, ToolStart } from './part.ts'
import type { BlockPart } from './pending-blocks.ts'
import { PendingBlocks } from './pending-blocks.ts'
import type { CompleteBlock } from './wire/complete-blocks.ts'
import type { AnswerBlock, Delta, StreamEvent, ToolsetCall } from './wire/message.ts'

type BlockKind = 'text' | 'thinking' | 'tool' | 'whole'

/**
 * Converts the parts of one answer to the events of one message. Text is taken as serialized events or as
 * event objects.
 */
export class AnswerWriter {
  readonly #progress: AnswerProgress
  readonly #pending = new PendingBlocks()
  readonly #toToolsetCall: AnswerOptions['toToolsetCall']
  #events: StreamEvent[] = []
  /** The index, the kind and the call of the last block that was opened, open or not. */
  #index = -1
  #lastKind: BlockKind | undefined
  #call: number | undefined
  #openKind: BlockKind | undefined
  /** Whether the client has a tool to run. */
  #hasTools = false

  constructor(options: AnswerOptions) {
    this.#progress = new AnswerProgress(options)
    this.#toToolsetCall = options.toToolsetCall
  }

  get status(): AnswerStatus {
    return this.#progress.status
  }

  /** Whether the message is complete or has failed, after which parts are ignored. */
  get isOver(): boolean {
    return this.#progress.isOver
  }

  /** Whether `message_start` was sent: the upstream accepted the request, or the client waited long. */
  get hasStarted(): boolean {
    return this.#progress.hasStarted
  }

  delivered(): Delivered {
    return this.#progress.delivered()
  }

  /** Writes parts; those after the end are ignored. */
  write(parts: readonly Part[]): void {
    for (const part of parts) {
      if (!this.#progress.isOver) {
        this.#write(part)
      }
    }
  }

  /** Emits `message_start`, unless that was sent. */
  start(): void {
    if (!this.#progress.hasStarted) {
      this.#events.push(...this.#progress.start())
    }
  }

  /** Records that an upstream's own `message_start` was sent. */
  markStarted(): void {
    this.#progress.markStarted()
  }

  /** Begins with another upstream. Throws after content. */
  restart(): void {
    this.#progress.restart()
  }

  /** Ends the message with an error. Blocks stay open, so that no client takes a truncated tool call for complete. */
  fail(failure: Failure): void {
    this.#events.push(...this.#progress.fail(failure))
  }

  /** Returns the events since the last call. */
  takeEvents(): StreamEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }

  /** Returns the events since the last call as server-sent events. */
  readonly takeText = (): string => encodeEvents(this.takeEvents())

  #end(failure: Failure): void {
    this.#events.push(...this.#progress.end(failure))
  }

  #write(part: Part): void {
    if (part.type === 'failure') {
      this.#end(part.failure)
    } else if (part.type === 'usage') {
      this.#progress.report(part.usage)
    } else {
      this.start()
      if (part.type === 'stop') {
        this.#stop(part)
      } else if (part.type !== 'start' && !isEmpty(part)) {
        this.#writeInOrder(part)
      }
    }
  }

  #stop(part: Extract<Part, { type: 'stop' }>): void {
    if ((this.#pending.lastKind ?? this.#lastKind) === 'text') {
      // Claude Code takes the last block for the answer, so that thinking after it would hide the
      // answer.
      this.#pending.dropLastThinking()
    }
    this.#pending.completeCalls()
    this.#close()
    this.#flush()
    if (this.#index < 0) {
      // Claude Code retries a request whose answer has no block.
      this.#open('text', emptyText())
      this.#close()
    }
    this.#events.push(...this.#progress.stop(part, this.#hasTools))
  }

  /** Writes a part of a block, or has it wait. */
  #writeInOrder(part: BlockPart): void {
    if (part.type === 'tool-start') {
      this.#hasTools ||= part.isServer !== true
    }
    if (this.#mustWait(part)) {
      return this.#wait(part)
    }
    if (this.#begins(part)) {
      this.#close()
      this.#flush()
    }
    this.#emit(part)
    if (part.type === 'tool-end') {
      // Nothing is known yet to follow, so that thinking after text waits on.
      this.#flush({ keepsThinking: true })
    }
  }

  #mustWait(part: BlockPart): boolean {
    switch (part.type) {
      case 'tool-delta':
      case 'tool-end':
        return this.#openKind !== 'tool' || this.#call !== part.call
      case 'text-end':
        return this.#openKind !== 'text'
      case 'thinking-delta':
      case 'signature':
        // After text, it is not known yet whether other content follows.
        return this.#openKind === 'tool' || this.#lastKind === 'text'
      default:
        return this.#openKind === 'tool'
    }
  }

  #wait(part: BlockPart): void {
    this.#pending.add(part)
    if (this.#pending.isOverfull) {
      // A call that never ends must not retain the rest of the answer.
      const detail = 'too much waits for the end of a tool call'
      this.#end({ kind: 'upstream_invalid_response', provider: 'upstream', detail })
    }
  }

  /** Whether a part begins a block, before which all others end; thinking waits instead. */
  #begins({ type }: BlockPart): boolean {
    return type === 'text-delta' || type === 'citation'
      ? this.#openKind !== 'text'
      : type === 'tool-start' || type === 'block'
  }

  /** Emits what is pending, up to a call whose arguments may still continue: that becomes the open block. */
  #flush({ keepsThinking = false } = {}): void {
    while (this.#openKind === undefined) {
      if (keepsThinking && this.#lastKind === 'text' && this.#pending.hasOnlyThinking) {
        return
      }
      const parts = this.#pending.shift()
      if (parts === undefined) {
        return
      }
      parts.forEach((part) => this.#emit(part))
    }
  }

  #emit(part: BlockPart): void {
    switch (part.type) {
      case 'text-delta':
        this.#continue('text', emptyText)
        return this.#delta({ type: 'text_delta', text: part.text }, part.text.length)
      case 'citation':
        this.#continue('text', emptyCitedText)
        return this.#delta({ type: 'citations_delta', citation: part.citation }, 0)
      case 'thinking-delta':
        this.#continue('thinking', emptyThinking)
        return this.#delta({ type: 'thinking_delta', thinking: part.text }, part.text.length)
      case 'signature':
        this.#continue('thinking', emptyThinking)
        return this.#close(part.signature)
      case 'tool-start':
        this.#open('tool', toToolBlock(part, this.#toToolsetCall?.(part.name)))
        this.#call = part.call
        return
      case 'tool-delta':
        return this.#delta({ type: 'input_json_delta', partial_json: part.json }, part.json.length)
      case 'block':
        return this.#emitComplete(part.block)
      case 'text-end':
      case 'tool-end':
        return this.#close()
    }
  }

  /** Emits a block that is complete when it starts. A summary comes as its only delta, as at Anthropic. */
  #emitComplete(block: CompleteBlock): void {
    if (block.type === 'compaction') {
      const { content, encrypted_content } = block
      this.#open('whole', { ...block, content: null, encrypted_content: null })
      this.#delta({ type: 'compaction_delta', content, encrypted_content }, 0)
    } else {
      this.#open('whole', block)
    }
    this.#close()
  }

  /** Opens a block, unless one of its kind is open. */
  #continue(kind: 'text' | 'thinking', toBlock: () => AnswerBlock): void {
    if (this.#openKind !== kind) {
      this.#open(kind, toBlock())
    }
  }

  #open(kind: BlockKind, content_block: AnswerBlock): void {
    this.#index += 1
    this.#events.push({ type: 'content_block_start', index: this.#index, content_block })
    this.#progress.addContent(0)
    this.#openKind = kind
    this.#lastKind = kind
  }

  /** `characters`: how much of the delta is content. */
  #delta(delta: Delta, characters: number): void {
    this.#progress.addContent(characters)
    this.#events.push({ type: 'content_block_delta', index: this.#index, delta })
  }

  /** Closes the open block, if there is one. `signature`: of a thinking block. */
  #close(signature = ''): void {
    if (this.#openKind === 'thinking') {
      this.#delta({ type: 'signature_delta', signature }, 0)
    }
    if (this.#openKind !== undefined) {
      this.#events.push({ type: 'content_block_stop', index: this.#index })
      this.#openKind = undefined
    }
  }
}

/**
 * Encodes events as server-sent events. The `event:` line is required: official SDKs skip events without it
 * (@anthropic-ai/sdk, core/streaming).
 */
export function encodeEvents(events: readonly StreamEvent[]): string {
  let text = ''
  for (const event of events) {
    text += `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
  }
  return text
}

const emptyText = (): AnswerBlock => ({ type: 'text', text: '' })

/** The start of a text block that cites, in Anthropic's form. */
const emptyCitedText = (): AnswerBlock => ({ type: 'text', text: '', citations: [] })
const emptyThinking = (): AnswerBlock => ({ type: 'thinking', thinking: '', signature: '' })

const toToolBlock = (start: ToolStart, member: ToolsetCall | undefined): AnswerBlock => {
  if (start.isServer !== true) {
    return { type: 'tool_use', id: start.id, name: start.name, input: {}, ...member }
  }
  return start.mcpServer === undefined
    ? { type: 'server_tool_use', id: start.id, name: start.name, input: {} }
    : {
        type: 'mcp_tool_use',
        id: start.id,
        name: start.name,
        input: {},
        server_name: start.mcpServer,
      }
}

const isEmpty = (part: BlockPart): boolean =>
  part.type === 'tool-delta'
    ? part.json === ''
    : (part.type === 'text-delta' || part.type === 'thinking-delta') && part.text === ''
