/**
 * Writes one message to the client: parts in, events out, and how it ended. The one place that
 * decides when a block opens and closes.
 *
 *   before ──any part──▶ between ──text │ thinking │ tool──▶ inside ─┐ same block: delta, citation
 *                           ▲                                 │  ▲───┘
 *                           └──── signature │ tool-end ───────┘
 * A whole block opens and closes at once.
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
import { BlockEvents } from './block-events.ts'
import type { EndAdditions } from './message-end.ts'
import { toEndEvents, toStopDelta, toUsage } from './message-end.ts'
import type { Beginning } from './message-start.ts'
import { toStartEvent } from './message-start.ts'
import type { Part, ToolStart } from './part.ts'
import type { PendingBlock } from './pending-blocks.ts'
import { PendingBlocks } from './pending-blocks.ts'
import { UsageMeter } from './usage-meter.ts'
import type { Citation } from './wire/citation.ts'
import type { StreamEvent } from './wire/message.ts'
import type { WholeBlock } from './wire/whole-blocks.ts'

export interface AnswerOptions extends Beginning {
  requestId: string
  /**
   * Returns an estimate of the input tokens, for `message_start` and for upstreams that report no
   * usage.
   */
  estimatedInput: () => number
  /** The request's limit of output tokens, which an estimate of them does not exceed. */
  maxTokens?: number | undefined
  /** Returns what the gateway adds to the end of the message; undefined where that is nothing. */
  toAdditions?: (() => EndAdditions) | undefined
  /**
   * Whether the events become one non-streaming message: then only the final usage counts, and nothing
   * is sent before it is complete, so that every failure is retriable.
   */
  isFolded: boolean
}

type Phase = { name: 'before' } | { name: 'started' } | { name: 'after'; status: AnswerStatus }

const pending: AnswerStatus = { phase: 'pending' }
const streaming: AnswerStatus = { phase: 'streaming' }

/** Writes the events of one message. */
export class AnswerWriter {
  readonly #options: AnswerOptions
  #phase: Phase = { name: 'before' }
  readonly #blocks = new BlockEvents()
  /** Whether the client has a tool to run. */
  #hasTools = false
  readonly #pending = new PendingBlocks()
  /** A failure that was not sent, since another upstream may answer. */
  #retriable: (AnswerStatus & { phase: 'failed' }) | undefined
  #meter: UsageMeter

  constructor(options: AnswerOptions) {
    this.#options = options
    this.#meter = new UsageMeter(options.maxTokens)
  }

  get status(): AnswerStatus {
    if (this.#retriable !== undefined) {
      return this.#retriable
    }
    if (this.#phase.name === 'after') {
      return this.#phase.status
    }
    return this.#blocks.hasContent ? streaming : pending
  }

  /** Whether the message is complete or has failed, after which parts are ignored. */
  get isOver(): boolean {
    return this.#phase.name === 'after' || this.#retriable !== undefined
  }

  /**
   * Whether `message_start` was sent: the upstream accepted the request, or the client waited too
   * long.
   */
  get hasStarted(): boolean {
    return this.#phase.name !== 'before'
  }

  /** Returns what was sent so far, and the usage that the upstream has reported. */
  delivered(): Delivered {
    return this.#meter.delivered(this.#blocks.characters)
  }

  /** Writes parts; those after the end are ignored. */
  write(parts: readonly Part[]): void {
    for (const part of parts) {
      this.#write(part)
    }
  }

  /** Emits `message_start`, unless that was sent. */
  start(): void {
    if (this.markStarted()) {
      const { isFolded, estimatedInput } = this.#options
      const event = toStartEvent(this.#options, isFolded ? 0 : estimatedInput())
      this.#blocks.push(event, { type: 'ping' })
    }
  }

  /**
   * Records that an upstream's own `message_start` was sent. Returns whether none was sent before.
   */
  markStarted(): boolean {
    const starts = this.#phase.name === 'before'
    if (starts) {
      this.#phase = { name: 'started' }
    }
    return starts
  }

  /** Begins with another upstream. Throws after content. */
  restart(): void {
    if (this.#blocks.hasContent) {
      throw new Error('another upstream cannot answer after content')
    }
    this.#retriable = undefined
    this.#meter = new UsageMeter(this.#options.maxTokens)
  }

  /**
   * Emits an error, which ends the message. Blocks stay open on purpose, so that no client takes a
   * truncated tool call for a complete one.
   */
  fail(failure: Failure): void {
    this.#retriable = undefined
    if (this.#phase.name !== 'after') {
      this.#blocks.push(toErrorBody(toErrorReply(failure), this.#options.requestId))
      this.#phase = { name: 'after', status: { phase: 'failed', failure, retriable: false } }
    }
  }

  /** Returns the events since the last call. */
  takeEvents(): StreamEvent[] {
    return this.#blocks.take()
  }

  #write(part: Part): void {
    if (this.isOver) {
      return
    }
    if (part.type === 'failure') {
      return this.#end(part.failure)
    }
    if (part.type === 'usage') {
      return this.#meter.report(part.usage, this.#blocks.characters)
    }
    this.start()
    this.#writePart(part)
    if (this.#pending.isOverfull(part)) {
      // A call that never ends must not retain the rest of the answer.
      const detail = 'too much waits for the end of a tool call'
      this.#end({ kind: 'upstream_invalid_response', provider: 'upstream', detail })
    }
  }

  /** Ends the message with a failure, which is not sent if another upstream may answer. */
  #end(failure: Failure): void {
    if (this.#options.isFolded || !this.#blocks.hasContent) {
      this.#retriable = { phase: 'failed', failure, retriable: true }
    } else {
      this.fail(failure)
    }
  }

  #writePart(part: Exclude<Part, { type: 'failure' | 'usage' }>): void {
    switch (part.type) {
      case 'start':
        return
      case 'text-delta':
        return this.#writeText(part.text)
      case 'text-end':
        return this.#endText()
      case 'citation':
        return this.#writeCitation(part.citation)
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
      case 'block':
        return this.#writeBlock(part.block)
      case 'stop':
        return this.#stop(part)
    }
  }

  #writeText(text: string): void {
    if (text === '') {
      return
    }
    if (this.#blocks.openKind === 'tool') {
      this.#pending.addText(text)
      return
    }
    if (this.#blocks.openKind !== 'text') {
      this.#blocks.close()
      this.#flush()
    }
    this.#emitText(text)
  }

  #emitText(text: string): void {
    this.#blocks.openText()
    this.#blocks.delta({ type: 'text_delta', text }, text.length)
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
      this.#blocks.openThinking()
      this.#blocks.close(signature)
    }
  }

  #emitThinking(text: string): void {
    this.#blocks.openThinking()
    this.#blocks.delta({ type: 'thinking_delta', thinking: text }, text.length)
  }

  /** Whether pending thinking must wait until it is known that other content follows. */
  #mustThinkingWait(): boolean {
    return this.#blocks.openKind === 'tool' || this.#blocks.lastKind === 'text'
  }

  #startTool(part: ToolStart): void {
    this.#hasTools ||= part.isServer !== true
    if (this.#blocks.openKind === 'tool') {
      this.#pending.addCall(part)
      return
    }
    this.#blocks.close()
    this.#flush()
    this.#blocks.openTool(part)
  }

  #writeToolInput(call: number, json: string): void {
    if (json === '') {
      return
    }
    if (!this.#blocks.isOpenCall(call)) {
      this.#pending.call(call).json += json
      return
    }
    this.#blocks.delta({ type: 'input_json_delta', partial_json: json }, json.length)
  }

  #endTool(call: number): void {
    if (!this.#blocks.isOpenCall(call)) {
      this.#pending.call(call).complete = true
      return
    }
    this.#blocks.close()
    this.#flush({ keepsThinking: true })
  }

  #writeBlock(block: WholeBlock): void {
    if (this.#blocks.openKind === 'tool') {
      this.#pending.addBlock(block)
      return
    }
    this.#blocks.close()
    this.#flush()
    this.#blocks.whole(block)
  }

  /** Thinking that arrived in the meantime stays pending. */
  #endText(): void {
    if (this.#blocks.openKind === 'text') {
      this.#blocks.close()
    } else {
      this.#pending.endText()
    }
  }

  #writeCitation(citation: Citation): void {
    if (this.#blocks.openKind === 'tool') {
      this.#pending.addCitation(citation)
      return
    }
    if (this.#blocks.openKind !== 'text') {
      this.#blocks.close()
      this.#flush()
    }
    this.#blocks.cite(citation)
  }

  #stop(part: Extract<Part, { type: 'stop' }>): void {
    if ((this.#pending.lastKind ?? this.#blocks.lastKind) === 'text') {
      // Claude Code takes the last block for the answer, so that thinking after it would hide the
      // answer.
      this.#pending.dropLastThinking()
    }
    this.#pending.completeCalls()
    this.#blocks.close()
    this.#flush()
    if (!this.#blocks.hasContent) {
      // Claude Code retries a request whose answer has no block.
      this.#blocks.openText()
      this.#blocks.close()
    }
    const { characters } = this.#blocks
    const usage = this.#meter.complete(part.usage, characters, this.#options.estimatedInput)
    const delta = toStopDelta(part, this.#hasTools)
    const additions = this.#options.toAdditions?.()
    this.#blocks.push(...toEndEvents(delta, toUsage(usage, part), additions))
    this.#phase = { name: 'after', status: { phase: 'complete', stopReason: delta.stop_reason } }
  }

  /**
   * Writes what is pending, up to a call whose arguments may still go on: that becomes the open block.
   * `keepsThinking`: nothing is known yet to follow, so that thinking after text stays pending.
   */
  #flush({ keepsThinking = false } = {}): void {
    while (this.#blocks.openKind === undefined) {
      if (keepsThinking && this.#blocks.lastKind === 'text' && this.#pending.hasOnlyThinking) {
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
        block.citations.forEach((citation) => this.#blocks.cite(citation))
        this.#emitText(block.text)
        this.#blocks.close()
        return
      case 'whole':
        this.#blocks.whole(block.block)
        return
      case 'thinking':
        this.#blocks.openThinking()
        if (block.text !== '') {
          this.#emitThinking(block.text)
        }
        this.#blocks.close(block.signature)
        return
      case 'tool':
        this.#blocks.openTool(block.start)
        this.#writeToolInput(block.start.call, block.json)
        if (block.complete) {
          this.#blocks.close()
        }
    }
  }
}
