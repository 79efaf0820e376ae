/**
 * The Durable Object of the console's sessions: one for a gateway, so that signing out and the limit of
 * attempts hold at once and everywhere. The Worker's side is sessions.ts.
 */
import { DurableObject } from 'cloudflare:workers'

import { toSql } from '../ledger/storage/sql.ts'
import type { NewSession } from './session-table.ts'
import { SessionTable } from './session-table.ts'
import type { Session } from './session.ts'

/** The Durable Object of the console's sessions. */
export class SessionsObject extends DurableObject<Env> {
  readonly #table: SessionTable

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#table = new SessionTable(toSql(ctx.storage))
  }

  create(session: NewSession): void {
    this.#table.create(session, Date.now())
  }

  find(hash: string): Session | undefined {
    return this.#table.find(hash, Date.now())
  }

  end(hash: string): void {
    this.#table.end(hash)
  }

  endOf(subject: string, id?: string): number {
    return this.#table.endOf(subject, id)
  }

  list(subject?: string): Session[] {
    return this.#table.list(subject, Date.now())
  }

  attempt(network: string, id: string): boolean {
    return this.#table.attempt(network, id, Date.now())
  }

  takeBack(attempt: string): void {
    this.#table.takeBack(attempt)
  }

  use(code: string, until: number): boolean {
    return this.#table.use(code, until, Date.now())
  }
}
