/**
 * One batch: its state, its slices and what they wait for. Synchronous over SQLite, so that each step is atomic;
 * the time is an argument, in epoch milliseconds.
 *
 *   in_progress ──all settled, or expired──▶ ended
 *       └──cancel──▶ canceling ──no run is left──▶ ended
 */
import { exchangeFact, readFact } from '../ledger/storage/facts.ts'
import { migrate } from '../ledger/storage/migrate.ts'
import type { Sql } from '../ledger/storage/sql.ts'
import { insert, toNumber, toText } from '../ledger/storage/sql.ts'
import type {
  BatchCounts,
  BatchState,
  Claim,
  NewBatchRecord,
  Progress,
  SliceResults,
  Verdict,
} from './protocol.ts'
import { batchSchema } from './schema.ts'
import { SliceTable } from './slice-table.ts'

/** How often lost messages and runs are looked for, in milliseconds. */
const sweepEveryMs = 60_000

/** What is stored of a batch beside its slices. */
interface Facts extends Omit<NewBatchRecord, 'slices'> {
  canceledAt?: number
  endedAt?: number
  /** Whether the owner's index knows the end, and the requests are deleted. */
  isFiled?: boolean
  /** Whether the results are deleted. */
  isArchived?: boolean
}

/** The record of one batch in the database of its Durable Object. */
export class BatchRecord {
  readonly #sql: Sql
  readonly #slices: SliceTable

  /** Opens a batch, or prepares an empty database for {@link create}. */
  constructor(sql: Sql) {
    migrate(sql, batchSchema)
    this.#sql = sql
    this.#slices = new SliceTable(sql)
  }

  create({ slices, ...facts }: NewBatchRecord): void {
    this.#sql.atomically(() => {
      this.#write(facts)
      this.#slices.add(slices)
    })
  }

  /** Undefined for a batch that was never created, or is deleted. */
  state(): BatchState | undefined {
    const facts = this.#read()
    return (
      facts && {
        id: facts.id,
        owner: facts.key.id,
        status: toStatus(facts),
        counts: this.#count(facts),
        createdAt: facts.createdAt,
        expiresAt: facts.expiresAt,
        canceledAt: facts.canceledAt,
        endedAt: facts.endedAt,
        archivedAt: facts.isArchived === true ? facts.archivedAt : undefined,
      }
    )
  }

  /** The slices to be run now. */
  dispatch(bounds: Parameters<SliceTable['dispatch']>[0], now: number): number[] {
    return this.#readOpen(now) === undefined
      ? []
      : this.#sql.atomically(() => this.#slices.dispatch(bounds, now))
  }

  /** Whether a slice can be run now. */
  isReady(now: number): boolean {
    return this.#readOpen(now) !== undefined && this.#slices.isReady(now)
  }

  /** Gives a slice to a run; undefined if there is nothing to do. */
  claim(slice: number, now: number): Claim | undefined {
    const facts = this.#readOpen(now)
    if (facts === undefined) {
      return undefined
    }
    const { key, url, headers } = facts
    return this.#sql.atomically(() => {
      const claim = this.#slices.claim(slice, now)
      return claim && { ...claim, key, url, headers, pauses: this.#pauses(now) }
    })
  }

  /** Records what a run has settled, and extends its lease. */
  commit(progress: Progress, now: number): Verdict {
    return this.#sql.atomically(() => {
      const verdict = this.#slices.commit(progress, now)
      if (verdict === 'stale') {
        return verdict
      }
      this.#pause(progress.pauses)
      return this.#readOpen(now) === undefined ? 'canceling' : 'continue'
    })
  }

  release(...parameters: Parameters<SliceTable['release']>): void {
    this.#slices.release(...parameters)
  }

  setJobs(...parameters: Parameters<SliceTable['setJobs']>): void {
    this.#slices.setJobs(...parameters)
  }

  jobs(): ReturnType<SliceTable['jobs']> {
    return this.#slices.jobs()
  }

  /** Begins to cancel. A batch that has ended stays as it is. */
  cancel(now: number): void {
    const facts = this.#read()
    if (facts !== undefined && toStatus(facts) === 'in_progress') {
      this.#write({ ...facts, canceledAt: now })
    }
  }

  /** Ends the batch if nothing is left to do, or may be done. */
  settle(now: number): void {
    const facts = this.#read()
    if (facts === undefined || facts.endedAt !== undefined) {
      return
    }
    const isOver = facts.canceledAt !== undefined || now >= facts.expiresAt
    if (this.#slices.isDone() || (isOver && !this.#slices.isRunning(now))) {
      this.#write({ ...facts, endedAt: now })
    }
  }

  /** What an ended batch waits for: its requests, or later its results, are to be deleted. */
  duty(now: number): 'file' | 'archive' | undefined {
    const facts = this.#read()
    if (facts?.endedAt === undefined) {
      return undefined
    }
    if (facts.isFiled !== true) {
      return 'file'
    }
    return facts.isArchived !== true && now >= facts.archivedAt ? 'archive' : undefined
  }

  /** Notes that a duty is done. */
  fulfil(duty: 'file' | 'archive'): void {
    const facts = this.#read()
    if (facts !== undefined) {
      this.#write({ ...facts, ...(duty === 'file' ? { isFiled: true } : { isArchived: true }) })
    }
  }

  /** Takes all slices back, of an earlier run of a local gateway. */
  takeBack(): void {
    this.#slices.takeBack()
  }

  /** When something is to be done next; undefined if nothing is. */
  nextDue(now: number): number | undefined {
    const facts = this.#read()
    if (facts === undefined) {
      return undefined
    }
    if (facts.endedAt !== undefined) {
      const isOpen = facts.isFiled !== true
      return isOpen || facts.isArchived !== true ? (isOpen ? now : facts.archivedAt) : undefined
    }
    const due = [facts.expiresAt, this.#slices.nextDue()].filter((at) => at !== undefined)
    // What is due already waits for others to end; the sweep is for what gets lost.
    return due.filter((at) => at > now).reduce((a, b) => Math.min(a, b), now + sweepEveryMs)
  }

  results(): SliceResults[] {
    return this.#slices.results()
  }

  #count(facts: Facts): BatchCounts {
    const { items, succeeded, errored } = this.#slices.count()
    const rest = items - succeeded - errored
    const isCanceled = facts.canceledAt !== undefined
    return {
      processing: facts.endedAt === undefined ? rest : 0,
      succeeded,
      errored,
      canceled: facts.endedAt !== undefined && isCanceled ? rest : 0,
      expired: facts.endedAt !== undefined && !isCanceled ? rest : 0,
    }
  }

  #pauses(now: number): Record<string, number> {
    const rows = this.#sql.all('SELECT provider, until FROM pauses WHERE until > ?', now)
    return Object.fromEntries(rows.map((row) => [toText(row['provider']), toNumber(row['until'])]))
  }

  #pause(pauses: Readonly<Record<string, number>>): void {
    for (const [provider, until] of Object.entries(pauses)) {
      const update = 'UPDATE SET until = max(until, excluded.until)'
      insert(this.#sql, 'pauses', { provider, until }, update)
    }
  }

  #read(): Facts | undefined {
    const text = readFact(this.#sql, 'batch')
    const facts: Facts | undefined = text === undefined ? undefined : JSON.parse(text)
    return facts
  }

  /** The facts of a batch whose slices may be run; undefined for any other. */
  #readOpen(now: number): Facts | undefined {
    const facts = this.#read()
    const isOpen = facts && toStatus(facts) === 'in_progress' && now < facts.expiresAt
    return isOpen === true ? facts : undefined
  }

  #write(facts: Facts): void {
    exchangeFact(this.#sql, 'batch', JSON.stringify(facts))
  }
}

function toStatus({ endedAt, canceledAt }: Facts): BatchState['status'] {
  if (endedAt !== undefined) {
    return 'ended'
  }
  return canceledAt === undefined ? 'in_progress' : 'canceling'
}
