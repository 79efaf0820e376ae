/**
 * One message on its way to the client: parts in, events out, stop sequences enforced, and how it ended.
 * The one place that opens, numbers and closes blocks.
 *
 *   before ──any part──▶ between ──text │ thinking │ tool──▶ inside ─┐ same block: delta
 *                           ▲                                 │  ▲───┘
 *                           └──── signature │ tool-end ───────┘
 *   stop, failure: from anywhere ──▶ after
 *
 * What cannot go into the open block is pending: all that comes while a tool call is open (its arguments
 * may go on), and reasoning that comes after text, until it is known what it led to: more text of the
 * same block (a client would show the answer in splinters), another block, or nothing. Reasoning after
 * the whole answer is dropped.
 */
import type { Failure } from '../error.ts'
import { toErrorBody, toErrorReply } from '../error.ts'
import type { AnswerStatus, Delivered } from './answer-status.ts'
import { completeUsage, toStopDelta, toUsage } from './message-end.ts'
import type { Beginning } from './message-start.ts'
import { toStartEvent } from './message-start.ts'
import type { AnswerBlock, Delta, StreamEvent } from './message.ts'
import type { Part } from './part.ts'
import type { PendingBlock } from './pending-blocks.ts'
import { PendingBlocks } from './pending-blocks.ts'
import { StopSequenceFilter } from './stop-sequences.ts'

export interface AnswerOptions extends Beginning {
  requestId: string
  /** Input tokens, for `message_start` and for upstreams that report no usage. */
  estimatedInput: () => number
  /**
   * Whether the events become one non-streaming message: then only the final usage counts, and nothing
   * is sent before it is complete, so that every failure is retriable.
   */
  isFolded: boolean
}

type OpenBlock = { kind: 'text' } | { kind: 'thinking' } | { kind: 'tool'; call: number }

type Phase =
  | { name: 'before' }
  | { name: 'between' }
  | { name: 'inside'; block: OpenBlock }
  | { name: 'after'; status: AnswerStatus }

const pending: AnswerStatus = { phase: 'pending' }
const streaming: AnswerStatus = { phase: 'streaming' }

/** Writes one message. */
export class AnswerWriter {
  readonly #options: AnswerOptions
  #phase: Phase = { name: 'before' }
  /** The index of the last block that was opened. */
  #index = -1
  #hasTools = false
  /** The kind of the last block that was opened, open or not. */
  #lastKind: OpenBlock['kind'] | undefined
  readonly #pending = new PendingBlocks()
  #events: StreamEvent[] = []
  #filter: StopSequenceFilter | undefined
  /** A failure that was not sent, since another upstream may answer. */
  #retriable: (AnswerStatus & { phase: 'failed' }) | undefined
  #delivered: Delivered = { usage: undefined, isEstimate: false, characters: 0 }

  constructor(options: AnswerOptions) {
    this.#options = options
  }

  get status(): AnswerStatus {
    if (this.#retriable !== undefined) {
      return this.#retriable
    }
    if (this.#phase.name === 'after') {
      return this.#phase.status
    }
    return this.#index < 0 ? pending : streaming
  }

  /** Whether the message is complete or has failed: what comes now is ignored. */
  get isOver(): boolean {
    return this.#phase.name === 'after' || this.#retriable !== undefined
  }

  /** Whether `message_start` was sent: the upstream has proved success, or the client was kept waiting. */
  get hasStarted(): boolean {
    return this.#phase.name !== 'before'
  }

  /** What was sent so far. */
  delivered(): Delivered {
    return { ...this.#delivered }
  }

  /** Writes parts; what comes after the end is ignored. */
  write(parts: readonly Part[]): void {
    for (const part of this.#filter?.filter(parts) ?? parts) {
      this.#write(part)
    }
  }

  /** Emits `message_start`, unless that was sent. */
  start(): void {
    if (this.markStarted()) {
      const { isFolded, estimatedInput } = this.#options
      const event = toStartEvent(this.#options, isFolded ? 0 : estimatedInput())
      this.#events.push(event, { type: 'ping' })
    }
  }

  /** Takes it that an upstream's own `message_start` was sent. Returns whether none was before. */
  markStarted(): boolean {
    const starts = this.#phase.name === 'before'
    if (starts) {
      this.#phase = { name: 'between' }
    }
    return starts
  }

  /** Begins with another upstream, whose stop sequences must be enforced here. Throws after content. */
  restart(enforceStops: readonly string[]): void {
    if (this.#index >= 0) {
      throw new Error('another upstream cannot answer after content')
    }
    this.#filter = enforceStops.length === 0 ? undefined : new StopSequenceFilter(enforceStops)
    this.#retriable = undefined
  }

  /**
   * Emits an error, which ends the message. Blocks stay open on purpose: a client must not take half a
   * tool call for a whole one.
   */
  fail(failure: Failure): void {
    this.#retriable = undefined
    if (this.#phase.name !== 'after') {
      this.#events.push(toErrorBody(toErrorReply(failure), this.#options.requestId))
      this.#phase = { name: 'after', status: { phase: 'failed', failure, retriable: false } }
    }
  }

  /** Returns the events since the last call. */
  takeEvents(): StreamEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }

  #write(part: Part): void {
    if (this.isOver) {
      return
    }
    if (part.type === 'failure') {
      this.#end(part.failure)
      return
    }
    this.start()
    this.#writePart(part)
    if (this.#pending.isOverfull(part)) {
      // A call that never ends must not retain the rest of the answer.
      const detail = 'too much waits for the end of a tool call'
      this.#end({ kind: 'upstream_invalid_response', provider: 'upstream', detail })
    }
  }

  /** Ends the message with a failure: unsent where another upstream may answer. */
  #end(failure: Failure): void {
    if (this.#options.isFolded || this.#index < 0) {
      this.#retriable = { phase: 'failed', failure, retriable: true }
    } else {
      this.fail(failure)
    }
  }

  #writePart(part: Exclude<Part, { type: 'failure' }>): void {
    switch (part.type) {
      case 'start':
        return
      case 'text-delta':
        return this.#writeText(part.text)
      case 'text-end':
        // Thinking that came meanwhile stays pending.
        return this.#openKind() === 'text' ? this.#close() : undefined
      case 'thinking-delta':
        return this.#writeThinking(part.text)
      case 'signature':
        return this.#writeSignature(part.signature)
      case 'tool-start':
        return this.#startTool(part)
      case 'tool-delta':
        return this.#writeToolInput(part.call, part.json)
      case 'tool-end':
        return this.#endTool(part.call)
      case 'stop':
        return this.#stop(part)
    }
  }

  #writeText(text: string): void {
    if (text === '') {
      return
    }
    if (this.#openKind() === 'tool') {
      this.#pending.addText(text)
      return
    }
    if (this.#openKind() !== 'text') {
      this.#close()
      this.#flush()
    }
    this.#emitText(text)
  }

  #emitText(text: string): void {
    if (this.#openKind() !== 'text') {
      this.#open({ kind: 'text' }, { type: 'text', text: '' })
    }
    this.#emit({ type: 'text_delta', text }, text.length)
  }

  #writeThinking(text: string): void {
    if (text === '') {
      return
    }
    if (this.#mustThinkingWait()) {
      this.#pending.addThinking(text)
    } else {
      this.#emitThinking(text)
    }
  }

  #writeSignature(signature: string): void {
    if (this.#mustThinkingWait()) {
      this.#pending.addThinking('', signature)
    } else {
      this.#openThinking()
      this.#close(signature)
    }
  }

  #emitThinking(text: string): void {
    this.#openThinking()
    this.#emit({ type: 'thinking_delta', thinking: text }, text.length)
  }

  /** Whether it is not known yet that anything follows which the thinking led to. */
  #mustThinkingWait(): boolean {
    return this.#openKind() === 'tool' || this.#lastKind === 'text'
  }

  #startTool({ call, id, name }: Extract<Part, { type: 'tool-start' }>): void {
    this.#hasTools = true
    if (this.#openKind() === 'tool') {
      this.#pending.addCall(call, id, name)
      return
    }
    this.#close()
    this.#flush()
    this.#open({ kind: 'tool', call }, { type: 'tool_use', id, name, input: {} })
  }

  #writeToolInput(call: number, json: string): void {
    if (json === '') {
      return
    }
    if (!this.#isOpenCall(call)) {
      this.#pending.call(call).json += json
      return
    }
    this.#emit({ type: 'input_json_delta', partial_json: json }, json.length)
  }

  #endTool(call: number): void {
    if (!this.#isOpenCall(call)) {
      this.#pending.call(call).complete = true
      return
    }
    this.#close()
    this.#flush({ keepsThinking: true })
  }

  #stop(part: Extract<Part, { type: 'stop' }>): void {
    if ((this.#pending.lastKind ?? this.#lastKind) === 'text') {
      // Claude Code takes the last block for the answer: thinking after it would leave the user nothing.
      this.#pending.dropLastThinking()
    }
    this.#pending.completeCalls()
    this.#close()
    this.#flush()
    if (this.#index < 0) {
      // Claude Code repeats a request whose answer has no block at all.
      this.#open({ kind: 'text' }, { type: 'text', text: '' })
      this.#close()
    }
    const { estimatedInput } = this.#options
    const usage = completeUsage(part.usage, this.#delivered.characters, estimatedInput)
    const delta = toStopDelta(part, this.#hasTools)
    this.#events.push(
      { type: 'message_delta', delta, usage: toUsage(usage) },
      { type: 'message_stop' },
    )
    this.#delivered = { ...this.#delivered, usage, isEstimate: part.usage?.input === undefined }
    this.#phase = { name: 'after', status: { phase: 'complete', stopReason: delta.stop_reason } }
  }

  #openKind(): OpenBlock['kind'] | undefined {
    return this.#phase.name === 'inside' ? this.#phase.block.kind : undefined
  }

  #isOpenCall(call: number): boolean {
    const phase = this.#phase
    return phase.name === 'inside' && phase.block.kind === 'tool' && phase.block.call === call
  }

  /** Emits a delta of the open block. `characters`: how much of it is content. */
  #emit(delta: Delta, characters: number): void {
    this.#delivered.characters += characters
    this.#events.push({ type: 'content_block_delta', index: this.#index, delta })
  }

  #open(block: OpenBlock, content_block: AnswerBlock): void {
    this.#index += 1
    this.#events.push({ type: 'content_block_start', index: this.#index, content_block })
    this.#phase = { name: 'inside', block }
    this.#lastKind = block.kind
  }

  #openThinking(): void {
    if (this.#openKind() !== 'thinking') {
      this.#open({ kind: 'thinking' }, { type: 'thinking', thinking: '', signature: '' })
    }
  }

  #close(signature = ''): void {
    if (this.#phase.name !== 'inside') {
      return
    }
    if (this.#phase.block.kind === 'thinking') {
      this.#emit({ type: 'signature_delta', signature }, 0)
    }
    this.#events.push({ type: 'content_block_stop', index: this.#index })
    this.#phase = { name: 'between' }
  }

  /**
   * Writes what is pending, up to a call whose arguments may still go on: that becomes the open block.
   * `keepsThinking`: nothing is known yet to follow, so that thinking after text stays pending.
   */
  #flush({ keepsThinking = false } = {}): void {
    while (this.#phase.name === 'between') {
      if (keepsThinking && this.#lastKind === 'text' && this.#pending.hasOnlyThinking) {
        return
      }
      const block = this.#pending.shift()
      if (block === undefined) {
        return
      }
      this.#writePending(block)
    }
  }

  #writePending(block: PendingBlock): void {
    switch (block.kind) {
      case 'text':
        this.#emitText(block.text)
        this.#close()
        return
      case 'thinking':
        this.#openThinking()
        if (block.text !== '') {
          this.#emitThinking(block.text)
        }
        this.#close(block.signature)
        return
      case 'tool': {
        const { call, id, name } = block
        this.#open({ kind: 'tool', call }, { type: 'tool_use', id, name, input: {} })
        this.#writeToolInput(call, block.json)
        if (block.complete) {
          this.#close()
        }
      }
    }
  }
}
