/**
 * The record of one exchange: a client's request, what the gateway did with it, and how it ended. Log
 * line, charge, data point and `server-timing` are views of it.
 */
import type { Failure } from '../../anthropic/error.ts'
import type { Adaptation } from '../../anthropic/report.ts'
import type { Price } from '../../catalog/price.ts'
import type { ResolvedTarget } from '../../catalog/resolved-target.ts'
import type { LedgerDecision, Reservation } from '../../ledger/protocol.ts'
import type { Outcome } from '../../streaming/relay.ts'

/** One attempt at a target. */
export interface AttemptRecord {
  /** `<provider>/<upstream model>` */
  target: string
  /** The error type that the client would have got; undefined where the upstream answered. */
  failed: string | undefined
  /** Until the head of the upstream's response, or the failure. */
  ms: number
}

/** A request that its key's limits allow. */
export interface Admission {
  kind: Reservation['kind']
  /** The model's id in the catalog. */
  model: string
  price: Price | undefined
  /** Output tokens that the answer may have at most. */
  maxTokens: number
  /** Input tokens of the request. */
  estimateInput: () => number
  /** The ledger's decision; undefined where nothing was reserved. */
  decision: LedgerDecision | undefined
  session: string | undefined
  agent: string | undefined
  /** Names the conversation among those of all keys; undefined where the client does not. */
  conversation: string | undefined
}

/** What is known of an exchange. Times in milliseconds, durations from {@link startedAt}. */
export interface ExchangeRecord {
  id: string
  /** The `request-id` of the upstream's response, where the client got that. */
  upstreamId: string | undefined
  /** When the request arrived, in epoch milliseconds. */
  startedAt: number
  /** The client's key; `lastFour` characters of its secret. */
  key: { id: string; lastFour: string | undefined } | undefined
  /** As the client wrote it. */
  requestedModel: string | undefined
  stream: boolean | undefined
  admission: Admission | undefined
  /** Why the key's ledger could not be asked. */
  ledgerUnavailable: string | undefined
  /** The target that answered, or that was tried last. */
  target: { name: string; provider: string; price: Price | undefined } | undefined
  /** Undefined for a request that no model is asked to answer. */
  attempts: readonly AttemptRecord[] | undefined
  adaptations: readonly Adaptation[] | undefined
  /** The failure that the client got as a response. */
  failure: Failure | undefined
  /** What was thrown where the gateway itself failed. */
  bug: unknown
  /** Until the response's headers were ready. */
  headersMs: number | undefined
  /** Until the first content. */
  contentMs: number | undefined
  /** The part of `headersMs` that was spent waiting for upstreams. */
  upstreamMs: number | undefined
  /** How the model's answer ended; undefined before that, and where there is none. */
  outcome: Outcome | undefined
}

/** The record of one request while it is served. */
export class Exchange {
  readonly #record: ExchangeRecord
  readonly #attempts: AttemptRecord[] = []
  readonly #now: () => number
  readonly #over = Promise.withResolvers<void>()
  #attemptStartedAt = 0
  #isAnswering = false
  #onFinished: (() => void) | undefined

  /** `now` in epoch milliseconds. */
  constructor(id: string, now: () => number) {
    this.#now = now
    this.#record = {
      id,
      upstreamId: undefined,
      startedAt: now(),
      key: undefined,
      requestedModel: undefined,
      stream: undefined,
      admission: undefined,
      ledgerUnavailable: undefined,
      target: undefined,
      attempts: undefined,
      adaptations: undefined,
      failure: undefined,
      bug: undefined,
      headersMs: undefined,
      contentMs: undefined,
      upstreamMs: undefined,
      outcome: undefined,
    }
  }

  get record(): Readonly<ExchangeRecord> {
    return this.#record
  }

  /** Resolves when the exchange has finished and has been recorded. */
  get over(): Promise<void> {
    return this.#over.promise
  }

  upstreamNamed(id: string): void {
    this.#record.upstreamId = id
  }

  authenticated(id: string, lastFour: string | undefined): void {
    this.#record.key = { id, lastFour }
  }

  requested(model: string): void {
    this.#record.requestedModel = model
  }

  streamRequested(stream: boolean): void {
    this.#record.stream = stream
  }

  admitted(admission: Admission): void {
    this.#record.admission = admission
  }

  ledgerFailed(reason: string): void {
    this.#record.ledgerUnavailable = reason
  }

  targeted(name: string, { provider, price }: Pick<ResolvedTarget, 'provider' | 'price'>): void {
    this.#record.target = { name, provider, price }
  }

  adapted(adaptations: readonly Adaptation[]): void {
    this.#record.adaptations = adaptations
  }

  /** A model is about to be asked; the exchange lasts until {@link finished}. */
  answering(): void {
    this.#record.attempts = this.#attempts
    this.#isAnswering = true
  }

  attemptStarted(target: string): void {
    this.#attempts.push({ target, failed: undefined, ms: 0 })
    this.#attemptStartedAt = this.#now()
  }

  /** The last attempt has a response, or has failed. */
  attemptEnded(): void {
    const ms = this.#now() - this.#attemptStartedAt
    const last = this.#attempts.at(-1)
    if (last !== undefined) {
      last.ms = ms
    }
    this.#record.upstreamMs = (this.#record.upstreamMs ?? 0) + ms
  }

  /** The last attempt has given the client nothing; `type` of the error. */
  attemptFailed(type: string): void {
    const last = this.#attempts.at(-1)
    if (last !== undefined) {
      last.failed = type
    }
  }

  contentStarted(): void {
    this.#record.contentMs = this.elapsed()
  }

  headersReady(): void {
    this.#record.headersMs = this.elapsed()
  }

  /** The client gets this failure as its response. */
  refused(failure: Failure): void {
    this.#record.failure = failure
  }

  /** The gateway itself failed. */
  crashed(bug: unknown): void {
    this.#record.bug = bug
  }

  /** The model's answer has ended. Records it in this same turn. */
  finished(outcome: Outcome): void {
    this.#record.outcome = outcome
    this.#isAnswering = false
    this.#close()
  }

  /**
   * Calls `act` once the response is made and the model's answer, where there is one, has ended: now, or
   * in the turn in which it ends, so that the client's next request finds it recorded.
   */
  whenFinished(act: () => void): void {
    this.#onFinished = act
    this.#close()
  }

  /** Milliseconds since the request arrived. */
  elapsed(): number {
    return this.#now() - this.#record.startedAt
  }

  #close(): void {
    if (this.#isAnswering || this.#onFinished === undefined) {
      return
    }
    try {
      this.#onFinished()
    } finally {
      this.#over.resolve()
    }
  }
}
