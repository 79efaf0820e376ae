/** The slices of a batch and who runs them. Synchronous over SQLite; the time is an argument, in milliseconds. */
import type { Sql } from '../ledger/storage/sql.ts'
import { countRows, insert, readRows, toNumber, toOptionalNumber } from '../ledger/storage/sql.ts'
import type { Claim, NativeJob, NewSlice, Progress, SliceResults, Verdict } from './protocol.ts'

/** How long a run holds its slice without a sign of life, in milliseconds. */
export const leaseMs = 180_000

/** The milliseconds after which a message that no run has answered counts as lost. */
const messageMs = 300_000

/** The table of a batch's slices: which are due, claimed by a run, and done. */
export class SliceTable {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  add(slices: readonly NewSlice[]): void {
    for (const [n, { ids }] of slices.entries()) {
      const started = { state: 'ready', token: 0, until: 0, tries: 0, outputs: '[]' }
      const done = '.'.repeat(ids.length)
      insert(this.#sql, 'slices', { n, ids: JSON.stringify(ids), done, ...started })
    }
  }

  /** How many items there are, and how many of them have succeeded and errored. */
  count(): { items: number; succeeded: number; errored: number } {
    const [row] = this.#sql.all(
      `SELECT sum(length(done)) AS items,
        sum(length(done) - length(replace(done, 's', ''))) AS succeeded,
        sum(length(done) - length(replace(done, 'e', ''))) AS errored FROM slices`,
    )
    return {
      items: toNumber(row?.['items']),
      succeeded: toNumber(row?.['succeeded']),
      errored: toNumber(row?.['errored']),
    }
  }

  /**
   * Takes up to `count` slices that are ready to be run, so that at most `most` are queued or running. Slices
   * whose run or message was lost are ready again.
   */
  dispatch({ most, count = most }: { most: number; count?: number }, now: number): number[] {
    this.#sql.all(
      `UPDATE slices SET state = 'ready', until = 0 WHERE state IN ('queued', 'running') AND until <= ?`,
      now,
    )
    const busy = countRows(this.#sql, `slices WHERE state IN ('queued', 'running')`)
    return this.#sql
      .all(
        `UPDATE slices SET state = 'queued', until = ? WHERE n IN
          (SELECT n FROM slices WHERE state = 'ready' AND until <= ? ORDER BY n LIMIT ?) RETURNING n`,
        now + messageMs,
        now,
        Math.max(0, Math.min(count, most - busy)),
      )
      .map(({ n }) => toNumber(n))
  }

  /** Gives a slice to a run; undefined if there is nothing to do, or another run has it. */
  claim(n: number, now: number): Pick<Claim, 'token' | 'done' | 'tries' | 'jobs'> | undefined {
    const slice = this.#find(n)
    const isHeld = slice?.state === 'running' && slice.until > now
    const isPutOff = slice?.state === 'ready' && slice.until > now
    if (slice === undefined || slice.state === 'done' || isHeld || isPutOff) {
      return undefined
    }
    const token = slice.token + 1
    this.#set(n, { state: 'running', token, until: now + leaseMs })
    return { token, done: slice.done, tries: slice.tries, jobs: slice.jobs }
  }

  /**
   * Records what a run has settled, and extends its lease. A run that has lost its slice changes nothing: what
   * it has done is done again by another one, and counts once.
   */
  commit({ slice: n, token, output, settled }: Progress, now: number): Verdict {
    const slice = this.#findRun(n, token)
    if (slice === undefined) {
      return 'stale'
    }
    const done = slice.done.split('')
    for (const [index, outcome] of settled) {
      done[index] = outcome
    }
    const name = `${n}.${token}.`
    const others = slice.outputs.filter((each) => !each.startsWith(name))
    const outputs = output === 0 ? slice.outputs : [...others, name + output]
    this.#set(n, { until: now + leaseMs, done: done.join(''), outputs: JSON.stringify(outputs) })
    return 'continue'
  }

  /** Records the jobs of a slice that have not ended; a run that has lost the slice changes nothing. */
  setJobs(
    { slice: n, token }: Pick<Progress, 'slice' | 'token'>,
    jobs: readonly NativeJob[],
  ): void {
    if (this.#findRun(n, token) !== undefined) {
      this.#set(n, { jobs: JSON.stringify(jobs) })
    }
  }

  /** All jobs that have not ended. */
  jobs(): { slice: number; job: NativeJob }[] {
    const query = 'SELECT n, jobs FROM slices WHERE jobs IS NOT NULL'
    return readRows<{ n: number; jobs: string }>(this.#sql, query).flatMap(({ n: slice, jobs }) =>
      (toJobs(jobs) ?? []).map((job) => ({ slice, job })),
    )
  }

  /**
   * Ends a run. Undefined `retryAt`: all is settled, or may continue at once. A run that has settled nothing counts
   * as one more try.
   */
  release(
    { slice: n, token }: Pick<Progress, 'slice' | 'token'>,
    { retryAt, hasProgress }: { retryAt: number | undefined; hasProgress: boolean },
  ): void {
    const slice = this.#findRun(n, token)
    if (slice !== undefined) {
      const state = slice.done.includes('.') ? 'ready' : 'done'
      const tries = hasProgress ? 0 : slice.tries + 1
      this.#set(n, { state, until: retryAt ?? 0, tries })
    }
  }

  /** Takes all slices back from runs and messages that are known to be gone. */
  takeBack(): void {
    this.#sql.all(
      `UPDATE slices SET state = 'ready', until = 0 WHERE state IN ('queued', 'running')`,
    )
  }

  isReady(now: number): boolean {
    return countRows(this.#sql, `slices WHERE state = 'ready' AND until <= ?`, now) > 0
  }

  isRunning(now: number): boolean {
    return countRows(this.#sql, `slices WHERE state = 'running' AND until > ?`, now) > 0
  }

  isDone(): boolean {
    return countRows(this.#sql, `slices WHERE state <> 'done'`) === 0
  }

  /** When a slice that was put off, a lease or a message is next due; undefined if none is. */
  nextDue(): number | undefined {
    const [row] = this.#sql.all(`SELECT min(until) AS next FROM slices WHERE state <> 'done'`)
    return toOptionalNumber(row?.['next'])
  }

  results(): SliceResults[] {
    return readRows<{ ids: string; done: string; outputs: string }>(
      this.#sql,
      'SELECT ids, done, outputs FROM slices ORDER BY n',
    ).map(({ ids, done, outputs }) => ({
      outputs: toTexts(outputs),
      unsettled: toTexts(ids).filter((_, index) => done[index] === '.'),
    }))
  }

  #find(n: number) {
    const [row] = readRows<StoredSlice>(this.#sql, 'SELECT * FROM slices WHERE n = ?', n)
    return row && { ...row, outputs: toTexts(row.outputs), jobs: toJobs(row.jobs) }
  }

  /** Undefined where the run of this token does not have the slice any more. */
  #findRun(n: number, token: number) {
    const slice = this.#find(n)
    return slice?.state === 'running' && slice.token === token ? slice : undefined
  }

  #set(n: number, values: Readonly<Record<string, string | number>>): void {
    const sets = Object.keys(values).map((name) => `${name} = ?`)
    this.#sql.all(`UPDATE slices SET ${sets.join(', ')} WHERE n = ?`, ...Object.values(values), n)
  }
}

/** A slice as it is stored. */
interface StoredSlice {
  state: string
  token: number
  until: number
  tries: number
  done: string
  /** JSON, as `jobs`. */
  outputs: string
  jobs: string | null
}

function toJobs(json: string | null): NativeJob[] | undefined {
  return json === null ? undefined : JSON.parse(json)
}

function toTexts(json: string): string[] {
  return JSON.parse(json)
}
