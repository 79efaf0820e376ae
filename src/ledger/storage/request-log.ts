/**
 * The individual requests of a ledger: open ones, those that still count for a rate limit, and
 * closed ones while a repeated settlement must be recognized. The table is authoritative; those
 * that limits are computed from are also in memory, so that a request reads no rows.
 */
import type { Charge, NanoUsd, Reservation } from '../protocol.ts'
import type { Sql } from './sql.ts'
import { insert, readRows } from './sql.ts'

/** The length of a rate limit's window in milliseconds, for which each request is kept. */
export const windowMs = 60_000

/**
 * The state of a request: `open` until it is settled or its lease expires (`expired`: recorded as
 * an estimate, which a late settlement replaces). `released`: it was never sent, and does not
 * count.
 */
export type RequestState = 'open' | 'settled' | 'released' | 'expired'

/** A request in the log. Times are epoch milliseconds, costs nano-dollars. */
export interface LoggedRequest {
  id: string
  state: RequestState
  kind: Reservation['kind']
  model: string
  /**
   * The scopes in which it counts: `''` is the whole key, any other a model pattern of its limits.
   */
  scopes: readonly string[]
  /** When it was admitted; all times are in epoch milliseconds. */
  at: number
  /** When it ended; 0 while it is open. */
  ended: number
  /** When its lease expires while it is open; otherwise when it is deleted. */
  expires: number
  /** The input tokens that count for a rate limit; estimated while open. */
  input: number
  /** The output tokens; `max_tokens` while open. */
  output: number
  /** The amount that it reserves of budgets while it is open. */
  held: NanoUsd
  /** The estimated cost of the prompt. */
  inputCost: NanoUsd
  /**
   * A `Charge` as JSON: of an open request the latest known, of an expired one what was recorded.
   */
  charge: string | undefined
}

/** The minimal interval between purges of old rows, in milliseconds. */
const purgeEveryMs = 60_000

/** The table of a ledger's requests. */
export class RequestLog {
  readonly #sql: Sql
  /** The requests that are open, or still within the window. */
  readonly #recent = new Map<string, LoggedRequest>()
  #purgedAt = Number.NEGATIVE_INFINITY

  /** Reads the recent requests from the table. */
  constructor(sql: Sql) {
    this.#sql = sql
    for (const row of readRows<StoredRequest>(sql, select)) {
      const request = toRequest(row)
      this.#recent.set(request.id, request)
    }
  }

  /**
   * Returns all requests that are open or may still count for a rate limit, and possibly others.
   */
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
    const [row] = readRows<StoredRequest>(this.#sql, `${select} WHERE id = ?`, id)
    return row && toRequest(row)
  }

  /** Inserts or replaces a request. */
  put(request: LoggedRequest): void {
    this.#recent.set(request.id, request)
    const { id, state, kind, model, scopes, at, ended, expires } = request
    const { input, output, held, inputCost, charge = null } = request
    const fixed = { id, kind, model, scopes: JSON.stringify(scopes), input_cost: inputCost }
    const changing = { state, at, ended, expires, input, output, held, charge }
    const update = Object.keys(changing).map((name) => `${name} = excluded.${name}`)
    insert(this.#sql, 'requests', { ...fixed, ...changing }, `UPDATE SET ${update.join(', ')}`)
  }

  /**
   * Deletes requests that neither count nor must be recognized. After the clock was set back,
   * requests in the future count from now, so that no request waits for longer than a minute.
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

const select = `SELECT id, state, kind, model, scopes, at, ended, expires, input, output, held,
  input_cost AS inputCost, charge FROM requests`

/** A request as it is stored; a newer version may have other states and kinds. */
interface StoredRequest extends Omit<LoggedRequest, 'state' | 'kind' | 'scopes' | 'charge'> {
  state: string
  kind: string
  /** JSON. */
  scopes: string
  charge: string | null
}

function toRequest({ scopes, charge, state, kind, ...row }: StoredRequest): LoggedRequest {
  return {
    ...row,
    state: states.find((known) => known === state) ?? 'settled',
    kind: kind === 'count_tokens' || kind === 'batch' ? kind : 'messages',
    scopes: JSON.parse(scopes),
    charge: charge ?? undefined,
  }
}

/**
 * The request of a charge without a reservation: of a key without limits, or whose ledger was
 * unavailable.
 */
export function toUnreserved({ id, kind, model }: Charge, now: number): LoggedRequest {
  return {
    id,
    state: 'open',
    kind,
    model,
    scopes: [''],
    at: now,
    ended: 0,
    expires: now,
    input: 0,
    output: 0,
    held: 0,
    inputCost: 0,
    charge: undefined,
  }
}
