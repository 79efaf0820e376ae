/** The facts of one exchange. Log line, charge, data point, trace and `server-timing` are views of them. Types only. */
import type { Delivered } from '../../anthropic/answer/answer-status.ts'
import type { BillingTerms } from '../../anthropic/answer/part.ts'
import type { Failure } from '../../anthropic/error.ts'
import type { Adaptation } from '../../anthropic/report.ts'
import type { Price } from '../../catalog/price.ts'
import type { ResolvedTarget } from '../../catalog/resolve/resolved-target.ts'
import type { LimitStanding, Reservation } from '../../ledger/protocol.ts'
import type { Outcome } from '../../streaming/relay.ts'
import type { TraceContext, TraceParent } from '../../telemetry/trace-context.ts'
import type { AlertContext } from '../alerts.ts'

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
  name: 'safeguards' | 'compaction' | 'advisor' | 'batch'
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
  /** Calls of tools of MCP servers; undefined where none succeeded. */
  mcp: number | undefined
  /** Milliseconds that the answer waited for them. */
  ms: number
  /** The cost in nano-dollars. */
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
   * The purpose of a request of the gateway's own, and the client's request that it serves; undefined for
   * client requests.
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
