/**
 * The requests that a ledger knows one by one: open ones, those that still count for a rate limit, and
 * closed ones for as long as a repeated settlement must be recognized. The table is the truth; what
 * limits are computed from is kept in memory too, so that a request reads no rows.
 */
import type { NanoUsd, Reservation } from '../protocol.ts'
import type { Sql, SqlRow } from './sql.ts'
import { toNumber, toText } from './sql.ts'

/** The length of a rate limit's window: a request is kept for at least as long. */
export const windowMs = 60_000

/**
 * `open` until it is settled or its lease runs out (`expired`: recorded as an estimate, which a late
 * settlement replaces). `released`: it was never sent, and counts for nothing.
 */
export type RequestState = 'open' | 'settled' | 'released' | 'expired'

export interface LoggedRequest {
  id: string
  state: RequestState
  kind: Reservation['kind']
  model: string
  /** What it counts in: `''` is all of the key, any other a model pattern of its limits. */
  scopes: readonly string[]
  /** When it was admitted; this and the other times in epoch milliseconds. */
  at: number
  /** 0 while it is open. */
  ended: number
  /** While open: when its lease runs out. Else: until when it is remembered. */
  expires: number
  /** Tokens of the prompt that count for a rate limit: estimated while open. */
  input: number
  /** Tokens: `max_tokens` while open, else what was written. */
  output: number
  /** What it holds of budgets while it is open. */
  held: NanoUsd
  /** Cost of the prompt alone, estimated. */
  inputCost: NanoUsd
  /** Of an open one: the latest known; of an expired one: what was recorded. A `Charge` as JSON. */
  charge: string | undefined
}

/** Rows are looked through for old ones no more often than that. */
const purgeEveryMs = 60_000

export class RequestLog {
  readonly #sql: Sql
  /** Open, or still inside the window. */
  readonly #recent = new Map<string, LoggedRequest>()
  #purgedAt = Number.NEGATIVE_INFINITY

  /** Reads what is recent from the table. */
  constructor(sql: Sql) {
    this.#sql = sql
    for (const row of sql.all(`SELECT * FROM requests`)) {
      const request = toRequest(row)
      this.#recent.set(request.id, request)
    }
  }

  /** Everything that is open or may still count for a rate limit, and perhaps more. */
  recent(): Iterable<LoggedRequest> {
    return this.#recent.values()
  }

  open(): LoggedRequest[] {
    return [...this.#recent.values()].filter(({ state }) => state === 'open')
  }

  find(id: string): LoggedRequest | undefined {
    const known = this.#recent.get(id)
    if (known !== undefined) {
      return known
    }
    const [row] = this.#sql.all('SELECT * FROM requests WHERE id = ?', id)
    return row && toRequest(row)
  }

  /** Inserts or replaces. */
  put(request: LoggedRequest): void {
    this.#recent.set(request.id, request)
    const { id, state, kind, model, scopes, at, ended, expires } = request
    this.#sql.all(
      `INSERT INTO requests (id, state, kind, model, scopes, at, ended, expires, input,
          output, held, input_cost, charge)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET state = excluded.state, at = excluded.at, ended = excluded.ended,
          expires = excluded.expires, input = excluded.input, output = excluded.output,
          held = excluded.held, charge = excluded.charge`,
      id,
      state,
      kind,
      model,
      JSON.stringify(scopes),
      at,
      ended,
      expires,
      request.input,
      request.output,
      request.held,
      request.inputCost,
      request.charge ?? null,
    )
  }

  /**
   * Drops what neither counts nor must be remembered. Where the clock was set back, what lies in the
   * future counts from now on, so that nobody waits for longer than a minute.
   */
  purge(now: number): void {
    for (const request of this.#recent.values()) {
      const { id, state, at, ended } = request
      if (at > now || ended > now) {
        this.put({ ...request, at: Math.min(at, now), ended: Math.min(ended, now) })
      } else if (state !== 'open' && Math.max(at, ended) <= now - windowMs) {
        this.#recent.delete(id)
      }
    }
    if (Math.abs(now - this.#purgedAt) >= purgeEveryMs) {
      this.#sql.all(`DELETE FROM requests WHERE state <> 'open' AND expires <= ?`, now)
      this.#purgedAt = now
    }
  }
}

const states: readonly RequestState[] = ['open', 'settled', 'released', 'expired']

function toRequest(row: SqlRow): LoggedRequest {
  const charge = toText(row['charge'])
  return {
    id: toText(row['id']),
    state: states.find((state) => state === row['state']) ?? 'settled',
    kind: row['kind'] === 'count_tokens' ? 'count_tokens' : 'messages',
    model: toText(row['model']),
    scopes: JSON.parse(toText(row['scopes'])),
    at: toNumber(row['at']),
    ended: toNumber(row['ended']),
    expires: toNumber(row['expires']),
    input: toNumber(row['input']),
    output: toNumber(row['output']),
    held: toNumber(row['held']),
    inputCost: toNumber(row['input_cost']),
    charge: charge === '' ? undefined : charge,
  }
}
