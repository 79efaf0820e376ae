/** Records one exchange while it is served: the client's request, the attempts, and the outcome. */
import type { Delivered } from '../../anthropic/answer/answer-status.ts'
import { nothingDelivered } from '../../anthropic/answer/answer-status.ts'
import type { Failure } from '../../anthropic/error.ts'
import type { Adaptation } from '../../anthropic/report.ts'
import type { Price } from '../../catalog/price.ts'
import type { KeyRecord } from '../../keys/record.ts'
import type { Outcome } from '../../streaming/relay.ts'
import type { TraceContext, TraceParent } from '../../telemetry/trace-context.ts'
import type { AlertContext } from '../alerts.ts'
import type {
  Admission,
  AttemptRecord,
  ExchangeRecord,
  Purpose,
  RequestParameters,
  TargetRecord,
  ToolRunRecord,
  ToolsRecord,
} from './exchange-record.ts'
import type { ExchangeObserver } from './observer.ts'

/** The record of one request while it is served. */
export class Exchange {
  readonly #record: ExchangeRecord
  readonly #attempts: AttemptRecord[] = []
  readonly #toolRuns: ToolRunRecord[] = []
  readonly #now: () => number
  readonly #over = Promise.withResolvers<void>()
  #isAnswering = false
  #observer: ExchangeObserver | undefined
  #onFinished: (() => void) | undefined
  /** The prices of bodies that were opened and have not ended. */
  readonly #openedPrices: (Price | undefined)[] = []
  #delivered = (): Delivered => nothingDelivered

  /** Begins a record; `now` is in epoch milliseconds. `purpose`: of a request of the gateway's own. */
  constructor(id: string, now: () => number, purpose?: Purpose) {
    this.#now = now
    this.#record = {
      id,
      upstreamId: undefined,
      purpose,
      startedAt: now(),
      clientTrace: undefined,
      trace: undefined,
      parameters: undefined,
      key: undefined,
      requestedModel: undefined,
      stream: undefined,
      admission: undefined,
      alerts: undefined,
      ledgerUnavailable: undefined,
      target: undefined,
      attempts: undefined,
      earlierBodies: [],
      serverTools: undefined,
      toolRuns: this.#toolRuns,
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

  /** The client's span, if it sends one. */
  calledFrom(parent: TraceParent | undefined): void {
    this.#record.clientTrace = parent
  }

  traced(trace: TraceContext): void {
    this.#record.trace = trace
  }

  parametrized(parameters: RequestParameters): void {
    this.#record.parameters = parameters
  }

  /** Has steps reported from now on. */
  observe(observer: ExchangeObserver): void {
    this.#observer = observer
  }

  authenticated({ id, last_four, group_id }: KeyRecord): void {
    this.#record.key = { id, lastFour: last_four, group: group_id }
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

  alertsGoTo(alerts: AlertContext | undefined): void {
    this.#record.alerts = alerts
  }

  ledgerFailed(reason: string): void {
    this.#record.ledgerUnavailable = reason
  }

  targeted(
    name: string,
    {
      provider,
      price,
      genAiProvider,
      baseUrl,
      dialect,
      marks,
    }: Omit<TargetRecord, 'name' | 'dialect'> & { dialect: { name: string } },
  ): void {
    this.#record.target = {
      name,
      provider,
      price,
      genAiProvider,
      baseUrl,
      dialect: dialect.name,
      marks,
    }
  }

  /** The target searches the web itself, at `usd` per 1,000 where its price does not say. */
  searchesPriced(usd: number | undefined): void {
    const { target } = this.#record
    if (target?.price !== undefined && usd !== undefined) {
      this.#record.target = { ...target, price: { web_search: usd, ...target.price } }
    }
  }

  adapted(adaptations: readonly Adaptation[]): void {
    this.#record.adaptations = adaptations
  }

  /** Begins the attempts; the exchange lasts until {@link finished}. */
  answering(): void {
    this.#record.attempts = this.#attempts
    this.#isAnswering = true
  }

  attemptStarted(target: string): void {
    this.#attempts.push({ target, failed: undefined, startedAt: this.#now(), ms: 0 })
    this.#observer?.attemptStarted(target)
  }

  /** Ends the time of the last attempt, which has a response or has failed. */
  attemptEnded(): void {
    const last = this.#attempts.at(-1)
    if (last !== undefined) {
      last.ms = this.#now() - last.startedAt
      this.#record.upstreamMs = (this.#record.upstreamMs ?? 0) + last.ms
    }
  }

  /** Records that the last attempt failed, with the error's `type`. */
  attemptFailed(type: string): void {
    const last = this.#attempts.at(-1)
    if (last !== undefined) {
      last.failed = type
    }
    this.#observer?.attemptEnded(type)
  }

  /** A body of the target can be read. */
  bodyOpened(): void {
    this.#openedPrices.push(this.#record.target?.price)
  }

  /** Another body follows the last attempt's. */
  bodyEnded(delivered: Delivered, isComplete: boolean): void {
    // Another target may have been chosen since.
    const price = this.#openedPrices.shift()
    const bodyEnd = { delivered, isComplete, price }
    this.#record.earlierBodies = [...this.#record.earlierBodies, bodyEnd]
  }

  /** `tools`: all that tools did so far. */
  toolsFinished(tools: ToolsRecord): void {
    this.#record.serverTools = tools
  }

  /** A run of a tool begins; returns what ends it, with why it failed if it did. */
  toolStarted(name: string, callId: string): (failed: string | undefined) => void {
    const startedAt = this.#now()
    const observed = this.#observer?.toolStarted(name, callId)
    return (failed) => {
      this.#toolRuns.push({ name, callId, startedAt, ms: this.#now() - startedAt, failed })
      observed?.(failed)
    }
  }

  /** `delivered` returns what has been delivered so far. */
  answerStarted(delivered: () => Delivered): void {
    this.#delivered = delivered
  }

  /** What has been delivered so far. */
  delivered(): Delivered {
    return this.#delivered()
  }

  contentStarted(): void {
    this.#record.contentMs = this.elapsed()
    this.#observer?.attemptEnded(undefined)
  }

  headersReady(): void {
    this.#record.headersMs = this.elapsed()
  }

  /** Records the failure that is the client's response. */
  refused(failure: Failure): void {
    this.#record.failure = failure
  }

  /** Records an error of the gateway itself. */
  crashed(bug: unknown): void {
    this.#record.bug = bug
  }

  /** Records the outcome of the answer, in the same event loop turn. */
  finished(outcome: Outcome): void {
    this.#record.outcome = outcome
    this.#isAnswering = false
    this.#close()
  }

  /**
   * Calls `act` when the response is created and the answer, if any, has ended: now, or in the
   * event loop turn in which it ends, so that it precedes the client's next request.
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
