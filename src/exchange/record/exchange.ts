/**
 * The record of one exchange: the client's request, the attempts, and the outcome. Log line,
 * charge, data point and `server-timing` are views of it.
 */
import type { Delivered } from '../../anthropic/answer/answer-status.ts'
import { nothingDelivered } from '../../anthropic/answer/answer-status.ts'
import type { BillingTerms } from '../../anthropic/answer/part.ts'
import type { Failure } from '../../anthropic/error.ts'
import type { Adaptation } from '../../anthropic/report.ts'
import type { Price } from '../../catalog/price.ts'
import type { ResolvedTarget } from '../../catalog/resolve/resolved-target.ts'
import type { KeyRecord } from '../../keys/record.ts'
import type { LimitStanding, Reservation } from '../../ledger/protocol.ts'
import type { Outcome } from '../../streaming/relay.ts'
import type { TraceContext, TraceParent } from '../../telemetry/trace-context.ts'
import type { AlertContext } from '../alerts.ts'
import type { ExchangeObserver } from './observer.ts'

/** One attempt at a target. */
export interface AttemptRecord {
  /** `<provider>/<upstream model>` */
  target: string
  /** The error type for the client; undefined if the upstream answered. */
  failed: string | undefined
  /** When it began, in epoch milliseconds. */
  startedAt: number
  /** Milliseconds until the upstream's response headers, or the failure. */
  ms: number
}

/** One run of a tool that runs here. */
export interface ToolRunRecord {
  name: string
  /** The id of the model's call. */
  callId: string
  /** When it began, in epoch milliseconds. */
  startedAt: number
  ms: number
  /** Why it failed, without anything of the request. */
  failed: string | undefined
}

/** What a request asks for besides its content, as traces name it. */
export interface RequestParameters {
  maxTokens: number | undefined
  temperature: number | undefined
  topP: number | undefined
  topK: number | undefined
  isJson: boolean
}

/** Why the gateway itself asks a model. */
export interface Purpose {
  name: 'safeguards' | 'compaction' | 'batch'
  /** The id of the client's request, or of the batch. */
  parentId: string
}

/** The admission of a request by the limits of its key. */
export interface Admission {
  kind: Reservation['kind']
  /** The model's id in the catalog. */
  model: string
  price: Price | undefined
  /** Returns the price of another model by its name; undefined if the catalog has none. */
  priceOf: (model: string) => Price | undefined
  /** The maximal output tokens of the answer. */
  maxTokens: number
  /** Returns the input tokens of the request. */
  estimateInput: () => number
  /** The decision of the ledgers of the key and its group; undefined if nothing was reserved. */
  decision: LimitStanding | undefined
  session: string | undefined
  agent: string | undefined
  /**
   * Identifies the conversation among those of all keys; undefined if the client sends no
   * identifier.
   */
  conversation: string | undefined
  /** The share of the prompt that the upstream had cached at the conversation's last turn, from 0 to 1. */
  cachedShare: number
  /** What the request asks for that providers bill by. */
  terms: BillingTerms
}

/** A body that another one followed, or took the place of since it failed. Its upstream bills both. */
export interface EarlierBody {
  delivered: Delivered
  isComplete: boolean
  price: Price | undefined
}

/** What the gateway's own tools did for an answer. */
export interface ToolsRecord {
  /** Runs that succeeded. */
  web_search: number
  web_fetch: number
  /** Milliseconds that the answer waited for them. */
  ms: number
  /** In nano-dollars. */
  cost: number
  /** Why runs failed, without anything of the request. */
  failures: readonly string[]
}

/** A target, as far as records name it. */
export interface TargetRecord extends Pick<
  ResolvedTarget,
  'name' | 'provider' | 'price' | 'genAiProvider' | 'baseUrl' | 'marks'
> {
  /** The name of its dialect. */
  dialect: string
}

/** The facts of an exchange. Times are in milliseconds, durations since {@link startedAt}. */
export interface ExchangeRecord {
  id: string
  /** The `request-id` of the upstream's response, if the client got it. */
  upstreamId: string | undefined
  /**
   * For a request of the gateway's own: its purpose, and the client's request that it serves;
   * undefined for client requests.
   */
  purpose: Purpose | undefined
  /** When the request arrived, in epoch milliseconds. */
  startedAt: number
  /** The span of the client's that the request belongs to; undefined if the client sends none. */
  clientTrace: TraceParent | undefined
  /** The trace of the request; undefined if it has none. */
  trace: TraceContext | undefined
  /** Undefined where no trace needs them. */
  parameters: RequestParameters | undefined
  /** The client's key; `lastFour` characters of its secret, and the id of its group. */
  key: { id: string; lastFour: string | undefined; group: string | undefined } | undefined
  /** The model's name in the client's request. */
  requestedModel: string | undefined
  stream: boolean | undefined
  admission: Admission | undefined
  /** Undefined if the catalog names no receivers of alerts. */
  alerts: AlertContext | undefined
  /** Why the key's ledger was unavailable. */
  ledgerUnavailable: string | undefined
  /** The target that answered, or was tried last. */
  target: TargetRecord | undefined
  /** The attempts; undefined for a request without a target. */
  attempts: readonly AttemptRecord[] | undefined
  /** The bodies before the last. */
  earlierBodies: readonly EarlierBody[]
  /** Undefined if no tool was called that runs here. */
  serverTools: ToolsRecord | undefined
  toolRuns: readonly ToolRunRecord[]
  adaptations: readonly Adaptation[] | undefined
  /** The failure that the client got as a response. */
  failure: Failure | undefined
  /** The error that was thrown if the gateway itself failed. */
  bug: unknown
  /** Milliseconds until the response headers were ready. */
  headersMs: number | undefined
  /** Milliseconds until the first content. */
  contentMs: number | undefined
  /** The part of `headersMs` that was spent waiting for upstreams. */
  upstreamMs: number | undefined
  /** How the answer ended; undefined before that, and without an answer. */
  outcome: Outcome | undefined
}

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
  /** Of bodies that were opened and have not ended. */
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
    const ended = { delivered, isComplete, price }
    this.#record.earlierBodies = [...this.#record.earlierBodies, ended]
  }

  /** `tools`: all that tools did so far. */
  toolsRan(tools: ToolsRecord): void {
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
