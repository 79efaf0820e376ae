/**
 * Runs the items of one slice: some at once for each provider, each through the ordinary path of a request, and
 * records what is settled every few items, so that a crash repeats no more than these.
 */
import type { ItemVerdict } from './verdict.ts'
import { toWaitMs } from './verdict.ts'

/** The milliseconds after which no item begins: a consumer of a queue has 15 minutes. */
const maxRunMs = 600_000

/** Failures in a row after which a provider counts as down. */
const maxFailures = 3

/** An item as it has ended, or why it has not. */
export type ItemOutcome =
  | { outcome: 's' | 'e'; line: string }
  | Exclude<ItemVerdict, { retry: 'never' }>

/** An item of a slice by its index, with the provider that serves it. */
export interface SliceItem {
  index: number
  /** Whose limits decide how many run at once; empty where none is known. */
  provider: string
}

/**
 * What a run of a slice is given: the function that runs one item, concurrency by provider, and pauses until
 * epoch milliseconds.
 */
export interface SliceRunOptions {
  tries: number
  /** The time by provider until which it takes no requests, in epoch milliseconds. */
  pauses: Record<string, number>
  concurrencyOf: (provider: string) => number
  now: () => number
  run: (item: SliceItem) => Promise<ItemOutcome>
  /** Receives every item that is settled; resolves when another one may begin. */
  onSettled: (index: number, outcome: 's' | 'e', line: string) => Promise<void>
}

/** One run over the items of a slice, which stops when the batch is canceled or the run's time is over. */
export class SliceRun {
  readonly #options: SliceRunOptions
  readonly #startedAt: number
  readonly #pauses: Record<string, number>
  /** The earliest time at which an item that was deferred may continue. */
  #retryAt: number | undefined
  /** Set once no item may begin. */
  #isStopped = false
  #settled = 0

  constructor(options: SliceRunOptions) {
    this.#options = options
    this.#startedAt = options.now()
    this.#pauses = { ...options.pauses }
  }

  /** Providers that take no requests, with the end of that. */
  get pauses(): Record<string, number> {
    return this.#pauses
  }

  /** How many items were settled. */
  get settled(): number {
    return this.#settled
  }

  /** Starts no other item; those that run continue. */
  stop(): void {
    this.#isStopped = true
  }

  /** Runs items. Resolves when none runs any more: to the time when what is left may continue; undefined for at once. */
  async run(all: readonly SliceItem[]): Promise<number | undefined> {
    const lanes = Map.groupBy(all, ({ provider }) => provider)
    await Promise.all([...lanes].map(([provider, items]) => this.#runLane(provider, [...items])))
    return this.#retryAt
  }

  async #runLane(provider: string, waiting: SliceItem[]): Promise<void> {
    let failures = 0
    const runNext = async (): Promise<void> => {
      while (waiting.length > 0 && this.#mayBegin(provider)) {
        const item = waiting.shift()
        if (item !== undefined) {
          const isFailed = await this.#runItem(item)
          failures = isFailed ? failures + 1 : 0
          if (failures >= maxFailures) {
            this.#pause(provider, this.#options.now() + toWaitMs(this.#options.tries))
          }
        }
      }
    }
    const size = Math.max(1, this.#options.concurrencyOf(provider))
    await Promise.all(Array.from({ length: size }, runNext))
    if (waiting.length > 0) {
      this.#putOff(this.#pauses[provider] ?? this.#options.now())
    }
  }

  #mayBegin(provider: string): boolean {
    const now = this.#options.now()
    const isPaused = (this.#pauses[provider] ?? 0) > now
    return !this.#isStopped && !isPaused && now < this.#startedAt + maxRunMs
  }

  /** Returns whether the item failed in a manner that may be the provider's. */
  async #runItem(item: SliceItem): Promise<boolean> {
    const outcome = await this.#options.run(item)
    if ('outcome' in outcome) {
      this.#settled += 1
      await this.#options.onSettled(item.index, outcome.outcome, outcome.line)
      return false
    }
    this.#putOff(outcome.at)
    if (outcome.retry === 'provider') {
      this.#pause(item.provider, outcome.at)
    } else if (outcome.retry === 'key') {
      this.stop()
    }
    return outcome.retry === 'item'
  }

  #pause(provider: string, until: number): void {
    this.#pauses[provider] = Math.max(this.#pauses[provider] ?? 0, until)
  }

  #putOff(at: number): void {
    this.#retryAt = Math.min(this.#retryAt ?? Infinity, at)
  }
}
