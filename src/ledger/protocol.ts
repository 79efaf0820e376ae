/** What the Worker and a key's ledger say to each other. Plain data, so that it can be sent. Types only. */
import type { TokenUsage } from '../anthropic/answer/part.ts'
import type { KeyLimits, Period } from '../keys/limits.ts'

/** Money is counted in whole nano-dollars, so that no sum drifts. */
export type NanoUsd = number

/** What a request may use up, asked for before anything is sent. */
export interface Reservation {
  /** The request's own id: what is reserved and settled twice counts once. */
  id: string
  kind: 'messages' | 'count_tokens'
  /** What usage is counted by. */
  model: string
  /** What the patterns of limits are matched with: the id, and the name that the client wrote. */
  names: readonly string[]
  limits: KeyLimits
  /** Of the key's record; the ledger may have heard of a newer one. */
  version: number
  /** Upper bounds: the prompt, `max_tokens`, and both at the highest price. */
  estimate: Estimate
}

export interface Estimate {
  input: number
  output: number
  cost: NanoUsd
  /** Of the prompt alone: what is booked where the end of a request is never heard of. */
  inputCost: NanoUsd
}

export type Metric = 'requests' | 'input' | 'output' | 'concurrency'

/** One limit as it stands. Times in epoch milliseconds. */
export interface Standing {
  metric: Metric
  limit: number
  remaining: number
  /** When all of it is free again, as far as is known. */
  resetsAt: number
}

/** The budget that is nearest to its end. */
export interface BudgetStanding {
  period: Period
  /** Spent and reserved, as a fraction. */
  utilization: number
  /** Epoch milliseconds; null for a budget that never resets. */
  resetsAt: number | null
}

export type Refusal =
  | { kind: 'revoked' }
  | {
      kind: 'rate'
      metric: Metric
      limit: number
      /** The model pattern that it is of; absent for the key as a whole. */
      pattern?: string
      retryAfterMs: number
    }
  | { kind: 'budget'; period: Period; limit: NanoUsd; resetsAt: number | null }

export interface LedgerDecision {
  /** Absent where the request may go on. */
  refusal?: Refusal
  /** The tightest limit of each metric. */
  rates: readonly Standing[]
  budget?: BudgetStanding
}

/** What a request used, told once it has ended. */
export interface Charge {
  id: string
  kind: Reservation['kind']
  /** When the request came, in epoch milliseconds: decides hour and day. */
  at: number
  model: string
  /** Who answered; empty where nobody was asked. */
  provider: string
  usage: TokenUsage
  cost: NanoUsd
  /** The numbers are an estimate: the upstream did not report them. */
  estimated: boolean
  /** The type of the error that it ended with. */
  error?: string
  adaptations: number
  /** Of the secret, to tell when each was last used. */
  lastFour?: string
  session?: string
  agent?: string
}
