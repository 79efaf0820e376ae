/** What the Worker and a ledger send each other. Plain data, so that RPC can carry it. Types only. */
import type { TokenUsage } from '../anthropic/answer/part.ts'
import type { KeyLimits, Period } from '../keys/limits.ts'

/** Money is counted in whole nano-dollars, so that no sum drifts. */
export type NanoUsd = number

/** What a request may use up, reserved before anything is sent. */
export interface Reservation {
  /** The request's own id: what is reserved and settled twice counts once. */
  id: string
  kind: 'messages' | 'count_tokens'
  /** What usage is counted by. */
  model: string
  /** What the patterns of limits are matched with: the id, and the name that the client wrote. */
  names: readonly string[]
  limits: KeyLimits
  /** Of the key's record; the ledger may know a newer one. */
  version: number
  estimate: Estimate
}

/** Upper bounds. */
export interface Estimate {
  /** Tokens of the prompt. */
  input: number
  /** `max_tokens`, or the model's own limit. */
  output: number
  /** Of the prompt alone, at the highest rate that may apply. */
  inputCost: NanoUsd
  /** Of all of `output`. */
  outputCost: NanoUsd
}

/** How long a reservation is kept without a renewal. */
export const leaseMs = 90_000

/** How often the Worker renews it. */
export const renewEveryMs = 30_000

export type Metric = 'requests' | 'input' | 'output' | 'concurrency'

/** One rate limit as it stands. Times in epoch milliseconds. */
export interface Standing {
  metric: Metric
  limit: number
  remaining: number
  /** When all of it is free again, as far as is known. */
  resetsAt: number
}

/** One budget as it stands. */
export interface BudgetStanding {
  period: Period
  /** The model pattern that it is of; undefined for all models. */
  pattern: string | undefined
  limit: NanoUsd
  /** Settled. */
  spent: NanoUsd
  /** By requests in flight. */
  held: NanoUsd
  /** Epoch milliseconds; null for a budget that never resets. */
  resetsAt: number | null
}

export type Refusal =
  | { kind: 'revoked' }
  | {
      kind: 'rate'
      metric: Metric
      limit: number
      /** The model pattern that it is of; undefined for the key as a whole. */
      pattern: string | undefined
      retryAfterMs: number
    }
  /** Settled spend has reached it. `retryAfterMs` is undefined where waiting cannot help. */
  | { kind: 'budget'; budget: BudgetStanding; retryAfterMs: number | undefined }
  /** Requests in flight hold all that is left. */
  | { kind: 'budget_held'; budget: BudgetStanding; retryAfterMs: number }
  /** Of a hard budget less is left than the request may cost. */
  | { kind: 'over_hard_budget'; budget: BudgetStanding; cost: NanoUsd }

export interface LedgerDecision {
  /** Undefined where the request may go on. */
  refusal: Refusal | undefined
  /** The tightest limit of each metric. */
  rates: readonly Standing[]
  budgets: readonly BudgetStanding[]
  /** Tokens that this model is expected to write for this key, within `estimate.output`. */
  expectedOutput: number
}

/** What a request used, reported once it has ended. */
export interface Charge {
  id: string
  kind: Reservation['kind']
  /** When the request came, in epoch milliseconds: decides hour and day. */
  at: number
  model: string
  /** Who answered; empty where no upstream was asked. */
  provider: string
  /** Whether it was sent to an upstream: then it counts as a request whatever came back. */
  sent: boolean
  usage: TokenUsage
  cost: NanoUsd
  /** The numbers are an estimate: the upstream did not report them. */
  estimated: boolean
  /** The type of the error that it ended with. */
  error: string | undefined
  adaptations: number
  /** Of the secret, to know when each was last used. */
  lastFour: string | undefined
  session: string | undefined
  agent: string | undefined
}

/** A request in flight, as an operator sees it. */
export interface OpenRequest {
  id: string
  kind: Reservation['kind']
  model: string
  /** Epoch milliseconds. */
  since: number
  /** When it expires if nobody renews it. */
  expires: number
  held: NanoUsd
}
