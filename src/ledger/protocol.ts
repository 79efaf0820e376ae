/** The messages between the Worker and a ledger: plain data, as RPC requires. Types only. */
import type { AlertSink } from '../alerts/sink.ts'
import type { TokenUsage } from '../anthropic/answer/part.ts'
import type { KeyLimits, Period } from '../keys/limits.ts'

/** An amount of money in integer nano-dollars, so that sums do not drift. */
export type NanoUsd = number

/** The reservation for a request, made before anything is sent. */
export interface Reservation {
  /** The request's id: a repeated reservation or settlement counts once. */
  id: string
  /** `batch`: an item of a message batch, for which budgets hold, and rates of interactive use do not. */
  kind: 'messages' | 'count_tokens' | 'batch'
  /** The model's id, by which usage is recorded. */
  model: string
  /** The names that are matched with the patterns of limits: the id, and the requested name. */
  names: readonly string[]
  limits: KeyLimits
  /** The version of the key's record; the ledger may know a newer one. */
  version: number
  /**
   * Whether it is the gateway's own, for a request that was admitted before: its rates are counted and
   * do not refuse it, since the client can neither space nor omit it.
   */
  isOwn: boolean
  estimate: Estimate
}

/** Upper bounds of a request's usage. */
export interface Estimate {
  /** The prompt in tokens. */
  input: number
  /** `max_tokens`, or the model's own limit. */
  output: number
  /** The cost of the prompt, at the highest rate that may apply. */
  inputCost: NanoUsd
  /** The cost of `output`. */
  outputCost: NanoUsd
}

/** How long a reservation lasts without a renewal, in milliseconds. */
export const leaseMs = 90_000

/** How often the Worker renews a reservation, in milliseconds. */
export const renewEveryMs = 30_000

/** The name of a rate limit's unit. */
export type Metric = 'requests' | 'input' | 'output' | 'concurrency'

/** The standing of one rate limit. Times are in epoch milliseconds. */
export interface Standing {
  metric: Metric
  limit: number
  remaining: number
  /** When all of the limit is available again, as far as is known. */
  resetsAt: number
}

/** The standing of one budget. */
export interface BudgetStanding {
  period: Period
  /** The budget's model pattern; undefined for all models. */
  pattern: string | undefined
  limit: NanoUsd
  /** The settled spend. */
  spent: NanoUsd
  /** The amount that requests in flight reserve. */
  held: NanoUsd
  /** When the budget resets, in epoch milliseconds; null if it never does. */
  resetsAt: number | null
}

/** Why a request is not admitted. Delays are in milliseconds. */
export type Refusal =
  | { kind: 'revoked' }
  | {
      kind: 'rate'
      metric: Metric
      limit: number
      /** The limit's model pattern; undefined for all models. */
      pattern: string | undefined
      retryAfterMs: number
    }
  /** Settled spend has reached the budget. `retryAfterMs` is undefined if waiting cannot help. */
  | { kind: 'budget'; budget: BudgetStanding; retryAfterMs: number | undefined }
  /** Requests in flight reserve all that is left. */
  | { kind: 'budget_held'; budget: BudgetStanding; retryAfterMs: number }
  /** The request may cost more than is left of a hard budget. */
  | { kind: 'over_hard_budget'; budget: BudgetStanding; cost: NanoUsd }

/** Whose limit or budget it is, as sentences name it. */
export type LimitHolder = 'API key' | 'group'

/** The standings of a request's limits: those of its key, and of the key's group. */
export interface LimitStanding {
  /** The tightest limit of each metric. */
  rates: readonly Standing[]
  /** The tightest budget of each period and pattern. */
  budgets: readonly HeldBudget[]
  /** Tokens that this model is expected to write. */
  expectedOutput: number
  /** Web searches that are left today; absent where they are not limited. */
  searchesLeft?: number
}

/** A budget whose rest is reserved by open requests. */
export interface HeldBudget extends BudgetStanding {
  holder: LimitHolder
}

/** The decision on a reservation, with the standing of all limits for response headers. */
export interface LedgerDecision {
  /** The refusal; undefined if the request is admitted. */
  refusal: Refusal | undefined
  /** The tightest limit of each metric. */
  rates: readonly Standing[]
  budgets: readonly BudgetStanding[]
  /** The expected output of this model for this key in tokens, at most `estimate.output`. */
  expectedOutput: number
  /** Web searches that are left today; absent where they are not limited. */
  searchesLeft?: number
}

/** The usage and cost of a request, sent when it has ended. */
export interface Charge {
  id: string
  kind: Reservation['kind']
  /** When the request arrived, in epoch milliseconds, which determines hour and day. */
  at: number
  model: string
  /** The provider that answered; empty if no request was sent. */
  provider: string
  /** Whether a request was sent to an upstream, and counts whatever the response. */
  sent: boolean
  usage: TokenUsage
  cost: NanoUsd
  /** Whether the usage is an estimate, because the upstream did not report it. */
  estimated: boolean
  /** The type of the error with which the request ended. */
  error: string | undefined
  adaptations: number
  /** The last four characters of the secret, to record when each was last used. */
  lastFour: string | undefined
  session: string | undefined
  agent: string | undefined
  /** The id of the key's group; empty for none. Undefined if unknown. */
  group?: string | undefined
}

/** Sent with a charge if there are alerts for budgets: whose budgets they are, and who is alerted. */
export interface Watch {
  holder: { type: 'key' | 'group'; id: string; name: string }
  limits: KeyLimits
  /** The version of the holder's record; the ledger may know a newer one. */
  version: number
  sinks: readonly AlertSink[]
}

/** A correction of what was charged, by an operator. */
export interface Adjustment {
  /** What is booked twice under one id counts once. */
  id: string
  /** When it counts, in epoch milliseconds: decides hour and day. */
  at: number
  /** Negative for a credit. */
  cost: NanoUsd
  why: string
  /** The author, as the audit log names it. */
  actor: string
  /** The model that it is for; empty for none. */
  model: string
  /** The id of the key whose correction it is and with which it is reported, in a group's ledger; else empty. */
  key: string
  /** The key's or group's limits, of which it counts in the patterns that match the model. */
  limits: KeyLimits
}

/** The standing of a key or group with its ledger. */
export interface LedgerStanding {
  /** Requests in flight. */
  open: OpenRequest[]
  budgets: BudgetStanding[]
  /** Last four characters of a secret → when it was last used, in epoch milliseconds. */
  lastUsed: Record<string, number>
}

/** A request in flight, for operators. */
export interface OpenRequest {
  id: string
  kind: Reservation['kind']
  model: string
  /** When the request was admitted, in epoch milliseconds. */
  since: number
  /** When its lease expires unless it is renewed. */
  expires: number
  held: NanoUsd
}
