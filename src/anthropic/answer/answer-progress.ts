import { toErrorBody, toErrorReply } from '../error-reply.ts'
/**
 * How far an answer is: its start and its end with their events, how it ended, and what the client was sent
 * of it.
 *
 *   before ──start──▶ started ──stop, fail──▶ after
 *   a failure that another upstream may answer: over, until `restart` or `fail`
 */
import type { Failure } from '../error.ts'
import type { AnswerStatus, Delivered } from './answer-status.ts'
import type { EndAdditions } from './message-end.ts'
import { toEndEvents, toStopDelta, toUsage } from './message-end.ts'
import type { MessageIdentity } from './message-start.ts'
import { toStartEvent } from './message-start.ts'
import type { Part, ReportedUsage } from './part.ts'
import { UsageMeter } from './usage-meter.ts'
import type { StreamEvent, ToolsetCall } from './wire/message.ts'

/**
 * What an answer is created with: its identity, estimates for the usage that an upstream does not report, and
 * hooks of the gateway's own tools.
 */
export interface AnswerOptions extends MessageIdentity {
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
  /** Returns the member of a toolset that the model calls by that name. Undefined without toolsets. */
  toToolsetCall?: ((name: string) => ToolsetCall | undefined) | undefined
  /**
   * Whether the events become one non-streaming message: then only the final usage counts, and nothing
   * is sent before it is complete, so that every failure is retriable.
   */
  isFolded: boolean
}

type Phase = { name: 'before' } | { name: 'started' } | { name: 'after'; status: AnswerStatus }

const pending: AnswerStatus = { phase: 'pending' }
const streaming: AnswerStatus = { phase: 'streaming' }

/** The progress of one answer: its status, its content so far, and what the client has received of it. */
export class AnswerProgress {
  readonly #options: AnswerOptions
  #phase: Phase = { name: 'before' }
  #hasContent = false
  /** Characters of content that were sent. */
  #characters = 0
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
    return this.#hasContent ? streaming : pending
  }

  /** Whether the message is complete or has failed. */
  get isOver(): boolean {
    return this.#phase.name === 'after' || this.#retriable !== undefined
  }

  /** Whether `message_start` was sent. */
  get hasStarted(): boolean {
    return this.#phase.name !== 'before'
  }

  /** What was sent so far, and the usage that the upstream has reported. */
  delivered(): Delivered {
    return this.#meter.delivered(this.#characters)
  }

  /** Starts the message. Returns the events to send, none where it has started. */
  start(): StreamEvent[] {
    if (this.hasStarted) {
      return []
    }
    this.markStarted()
    const { isFolded, estimatedInput } = this.#options
    return [toStartEvent(this.#options, isFolded ? 0 : estimatedInput()), { type: 'ping' }]
  }

  /** Records that an upstream's own `message_start` is sent. */
  markStarted(): void {
    if (!this.hasStarted) {
      this.#phase = { name: 'started' }
    }
  }

  /** Records that a block was opened or continued. `characters`: of content. */
  addContent(characters: number): void {
    this.#hasContent = true
    this.#characters += characters
  }

  /** Records usage, which includes the content so far. */
  report(usage: ReportedUsage): void {
    this.#meter.report(usage, this.#characters)
  }

  /** Begins with another upstream. Throws after content. */
  restart(): void {
    if (this.#hasContent) {
      throw new Error('no other upstream can answer once content was sent')
    }
    this.#retriable = undefined
    this.#meter = new UsageMeter(this.#options.maxTokens)
  }

  /** Ends the message with an upstream's failure, which is not sent if another upstream may answer. */
  end(failure: Failure): StreamEvent[] {
    if (this.#options.isFolded || !this.#hasContent) {
      this.#retriable = { phase: 'failed', failure, retriable: true }
      return []
    }
    return this.fail(failure)
  }

  /** Ends the message with an error, unless it has ended. Returns the events to send. */
  fail(failure: Failure): StreamEvent[] {
    this.#retriable = undefined
    if (this.#phase.name === 'after') {
      return []
    }
    this.#phase = { name: 'after', status: { phase: 'failed', failure, retriable: false } }
    return [toErrorBody(toErrorReply(failure), this.#options.requestId)]
  }

  /** Ends a complete message. `hasTools`: whether the client has a tool to run. Returns the events to send. */
  stop(part: Extract<Part, { type: 'stop' }>, hasTools: boolean): StreamEvent[] {
    const { estimatedInput, toAdditions } = this.#options
    const usage = this.#meter.complete(part.usage, this.#characters, estimatedInput)
    const delta = toStopDelta(part, hasTools)
    const events = toEndEvents(delta, toUsage(usage, part), toAdditions?.())
    this.#phase = { name: 'after', status: { phase: 'complete', stopReason: delta.stop_reason } }
    return events
  }
}
