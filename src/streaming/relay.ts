/**
 * Relays an answer from upstreams to the client: the only loop over streams. One BYOB read of 16 KiB, one
 * decode, at most one write a read (docs/decisions/001-one-pump.md has the measurements).
 *
 * The loop runs in `waitUntil`, so that it must cancel the pending read itself when the client
 * disconnects. Otherwise a silent upstream would continue without a client.
 */
import type { AnswerStatus, Delivered } from '../anthropic/answer/answer-status.ts'
import { nothingDelivered } from '../anthropic/answer/answer-status.ts'
import type { StopReason } from '../anthropic/answer/wire/message.ts'
import type { Failure } from '../anthropic/error.ts'
import type { UpstreamBody } from './body-input.ts'
import { BodyInput } from './body-input.ts'
import type { Read } from './body-reads.ts'
import { brokenRead } from './body-reads.ts'
import type { ClientConnection } from './client-connection.ts'
import type { ResponseFormat } from './response-format.ts'
import { ResponseWriter } from './response-writer.ts'
import type { RequestTimers } from './timers.ts'
import type { Transcoder } from './transcoder.ts'

/** The source of an answer: an upstream's body, or why there is none. */
export type Source = UpstreamBody | { failure: Failure }

/** What an answer continues with: a source, or the gateway's own text and the status after it. */
export type Continuation = Source | { text: string; status: AnswerStatus }

/**
 * Opens an upstream; another one after `failure`; the continuation if an answer continues. Ends early
 * if the client disconnects; must not throw.
 */
export type OpenNext = (failure?: Failure) => Promise<Continuation>

/**
 * What to respond with: a stream, or the complete answer or a failure if nothing was sent before. A
 * client that disconnects gets a failure that it does not receive.
 */
export type RelayResult =
  | { body: ReadableStream<Uint8Array> }
  | { message: string }
  | { failure: Failure }

/** How an answer ended. `bug`: the error that was thrown if the gateway itself failed. */
export type Outcome =
  | { state: 'complete'; delivered: Delivered; stopReason: StopReason | undefined }
  | { state: 'failed'; delivered: Delivered; failure: Failure; bug: unknown }
  | { state: 'disconnected'; delivered: Delivered }

/**
 * What a relay is given. Delivered usage is reported at the start, at the end of each body, and at the end.
 */
export interface RelayOptions {
  client: ClientConnection
  timers: RequestTimers
  /** Keeps the isolate alive for the relay. */
  waitUntil: (promise: Promise<unknown>) => void
  /** Silence in milliseconds after which the client is sent `message_start`, and then pings. */
  pingAfterMs: number
  /** Called once, before anything else. `delivered` returns what the current body has delivered so far. */
  onStart: (delivered: () => Delivered) => void
  /** Called when another body follows one: `isComplete`, or in place of one that failed. */
  onBodyEnd: (delivered: Delivered, isComplete: boolean) => void
  /** Called once, at the first content. */
  onContent: () => void
  /**
   * Called once, when an answer with content has ended, with its failure unless {@link OpenNext}
   * received that.
   */
  onSettle: (failure: Failure | undefined) => void
  /** Called once, when everything was sent. */
  onEnd: (outcome: Outcome) => void
}

/**
 * Relays one answer. Resolves at the first event with which an upstream accepts the request, when
 * all have failed, or after `pingAfterMs` (later failures are error events).
 */
export function relay(
  next: OpenNext,
  format: ResponseFormat,
  options: RelayOptions,
): Promise<RelayResult> {
  const { promise, resolve } = Promise.withResolvers<RelayResult>()
  options.waitUntil(new Relay(format, options, resolve).run(next))
  return promise
}

class Relay {
  readonly #format: ResponseFormat
  readonly #options: RelayOptions
  readonly #resolve: (opened: RelayResult) => void
  readonly #writer: ResponseWriter
  #transcoder: Transcoder | undefined
  #hasContent = false

  constructor(
    format: ResponseFormat,
    options: RelayOptions,
    resolve: (opened: RelayResult) => void,
  ) {
    this.#format = format
    this.#options = options
    this.#resolve = resolve
    const onOpen = (body: ReadableStream<Uint8Array>): void => resolve({ body })
    this.#writer = new ResponseWriter({ timers: options.timers, onOpen })
  }

  async run(next: OpenNext): Promise<void> {
    const { client, pingAfterMs, onStart, onEnd } = this.#options
    onStart(() => this.#delivered())
    const stopPinging = this.#writer.keepAlive(pingAfterMs, () => this.#toKeepAlive())
    let outcome: Outcome
    try {
      outcome = await this.#relay(next)
    } catch (error) {
      // A write that fails means that the client disconnected before the signal; anything else is a
      // bug.
      const isDisconnect = this.#writer.isBroken || client.disconnected
      outcome = await (isDisconnect ? this.#disconnect() : this.#fail({ kind: 'internal' }, error))
    } finally {
      stopPinging()
    }
    onEnd(outcome)
  }

  async #relay(next: OpenNext): Promise<Outcome> {
    const { client } = this.#options
    let source = await next()
    while (!client.disconnected) {
      if ('failure' in source) {
        return this.#fail(source.failure)
      }
      const status =
        'text' in source ? await this.#relayText(source) : await this.#relayBody(source)
      if (client.disconnected) {
        break
      }
      if (status.phase === 'failed' && !status.retriable) {
        const outcome = await this.#end(status.failure, undefined)
        this.#options.onSettle(status.failure)
        return outcome
      }
      if (status.phase !== 'failed' && status.phase !== 'continues') {
        await this.#writer.close()
        return this.#complete(status)
      }
      source = await next(status.phase === 'failed' ? this.#drop(status.failure) : undefined)
    }
    return this.#disconnect()
  }

  /** Gives up a body that failed. */
  #drop(failure: Failure): Failure {
    this.#options.onBodyEnd(this.#delivered(), false)
    this.#transcoder = undefined
    return failure
  }

  /** Relays one body, until it, the message or the time ends, or the client disconnects. */
  async #relayBody(source: UpstreamBody): Promise<AnswerStatus> {
    const { client, timers } = this.#options
    if (this.#transcoder !== undefined) {
      this.#options.onBodyEnd(this.#delivered(), true)
    }
    const transcoder = this.#format.transcode(source.reading)
    this.#transcoder = transcoder
    const input = new BodyInput(source, {
      timers,
      form: this.#format.form,
      isWaiting: () => this.#writer.pending === 0,
      // The client reads nothing, and the total timeout is exceeded.
      onStall: () => void this.#writer.abort(),
    })
    const unsubscribe = client.onDisconnect(() => input.cancel())
    try {
      while (!input.hasEnded && isReading(transcoder.status)) {
        let read: Read = brokenRead
        try {
          read = await input.read()
        } catch {
          // The body is truncated. A promise around each read, to catch that, would cost every chunk.
        }
        input.touch()
        if (client.disconnected) {
          break
        }
        const text = transcodeRead(read, input, transcoder)
        this.#checkContent(transcoder.status)
        const written = this.#write(text)
        if (written !== undefined) {
          await written
          input.touch()
        }
      }
    } finally {
      input.close()
      unsubscribe()
    }
    if (transcoder.status.phase === 'held' && !client.disconnected) {
      await this.#finish(transcoder)
    }
    return transcoder.status
  }

  /** Sends the end of an answer once it may be sent. Pings continue meanwhile. */
  async #finish(transcoder: Transcoder): Promise<void> {
    const text = await transcoder.finish?.()
    if (text !== undefined && !this.#options.client.disconnected) {
      await this.#write(text)
    }
  }

  async #relayText({
    text,
    status,
  }: {
    text: string
    status: AnswerStatus
  }): Promise<AnswerStatus> {
    this.#checkContent(status)
    await this.#write(text)
    return status
  }

  #checkContent(status: AnswerStatus): void {
    if (!this.#hasContent && status.phase !== 'pending') {
      this.#hasContent = status.phase !== 'failed' || !status.retriable
      if (this.#hasContent) {
        this.#options.onContent()
      }
    }
  }

  /** Writes text; a message has none before it is complete. */
  #write(text: string): Promise<void> | undefined {
    if (this.#format.form === 'message' && text !== '' && !this.#writer.isOpen) {
      this.#resolve({ message: text })
      return undefined
    }
    return this.#writer.write(text)
  }

  #toKeepAlive(): string {
    return this.#writer.isOpen
      ? this.#format.ping
      : this.#format.open(this.#transcoder?.release() ?? '')
  }

  async #fail(failure: Failure, bug?: unknown): Promise<Outcome> {
    const text = this.#format.fail(failure)
    if (this.#writer.isOpen) {
      await this.#writer.write(text)
    } else {
      this.#resolve({ failure })
    }
    return this.#end(failure, bug)
  }

  #complete(status: AnswerStatus): Outcome {
    this.#options.onSettle(undefined)
    const stopReason = status.phase === 'complete' ? status.stopReason : undefined
    return { state: 'complete', delivered: this.#delivered(), stopReason }
  }

  async #end(failure: Failure, bug: unknown): Promise<Outcome> {
    if (this.#format.form === 'message') {
      // Status 200 was sent before the failure, so that only an aborted connection can report it.
      await this.#writer.abort()
    } else {
      await this.#writer.close()
    }
    return { state: 'failed', delivered: this.#delivered(), failure, bug }
  }

  async #disconnect(): Promise<Outcome> {
    this.#resolve({ failure: { kind: 'client_disconnected' } })
    await this.#writer.abort()
    return { state: 'disconnected', delivered: this.#delivered() }
  }

  #delivered(): Delivered {
    return this.#transcoder?.delivered() ?? nothingDelivered
  }
}

/** Transcodes one read: bytes, the end, or a failure. Returns the text to send. */
function transcodeRead(read: Read, input: BodyInput, transcoder: Transcoder): string {
  const failure = input.check(read)
  if (failure !== undefined) {
    return transcoder.fail(failure)
  }
  if (read.done) {
    return transcoder.end()
  }
  const text = transcoder.write(read.value)
  return input.hasEnded && isReading(transcoder.status) ? text + transcoder.end() : text
}

/** Whether an answer needs more of its body. */
function isReading({ phase }: AnswerStatus): boolean {
  return phase === 'pending' || phase === 'streaming'
}
