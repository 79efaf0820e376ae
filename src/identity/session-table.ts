/**
 * The rows of sessions: rules and statements, over the database of the Durable Object. Tokens are stored as
 * hashes. All times are epoch milliseconds.
 */
import type { Sql, SqlValue } from '../ledger/storage/sql.ts'
import { countRows, insert, readRows } from '../ledger/storage/sql.ts'
import type { Session, SessionGrant } from './session.ts'
import { attemptWindowMs, idleMs, maxAttempts, sessionMs } from './session.ts'

/** A change of `seen` is a write, so that it is made at most once in this time. */
const seenEveryMs = 60_000

const schema = [
  `CREATE TABLE IF NOT EXISTS sessions (
    hash TEXT PRIMARY KEY, id TEXT NOT NULL, subject TEXT NOT NULL, name TEXT NOT NULL,
    method TEXT NOT NULL, key_hash TEXT NOT NULL, created INTEGER NOT NULL, seen INTEGER NOT NULL,
    user_agent TEXT NOT NULL
  ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS attempts (
    network TEXT NOT NULL, at INTEGER NOT NULL, id TEXT PRIMARY KEY
  ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS used (code TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID`,
]

/** The fields of a new row. */
export interface NewSession extends SessionGrant {
  id: string
  /** The SHA-256 of the token. */
  hash: string
  userAgent: string
}

/** The table of the console's sessions. */
export class SessionTable {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
    sql.atomically(() => schema.forEach((statement) => sql.all(statement)))
  }

  create(session: NewSession, now: number): void {
    this.#purge(now)
    const { hash, id, subject, name, method, keyHash, userAgent } = session
    const times = { created: now, seen: now }
    const holder = { subject, name, method, key_hash: keyHash }
    insert(this.#sql, 'sessions', { hash, id, ...holder, ...times, user_agent: userAgent })
  }

  /** Finds the session of a token, and notes that it is used; undefined once it has ended. */
  find(hash: string, now: number): Session | undefined {
    const [session] = this.#read('WHERE hash = ?', hash)
    if (session === undefined || hasEnded(session, now)) {
      return undefined
    }
    if (now - session.seenAt >= seenEveryMs) {
      this.#sql.all('UPDATE sessions SET seen = ? WHERE hash = ?', now, hash)
      return { ...session, seenAt: now }
    }
    return session
  }

  end(hash: string): void {
    this.#sql.all('DELETE FROM sessions WHERE hash = ?', hash)
  }

  /** Ends the sessions of a subject: all of them, or one by its id. Returns how many there were. */
  endOf(subject: string, id?: string): number {
    const ended =
      id === undefined
        ? this.#sql.all('DELETE FROM sessions WHERE subject = ? RETURNING id', subject)
        : this.#sql.all(
            'DELETE FROM sessions WHERE subject = ? AND id = ? RETURNING id',
            subject,
            id,
          )
    return ended.length
  }

  /** The open sessions of a subject, or of all, the latest first. */
  list(subject: string | undefined, now: number): Session[] {
    const sessions =
      subject === undefined
        ? this.#read('ORDER BY seen DESC, id')
        : this.#read('WHERE subject = ? ORDER BY seen DESC, id', subject)
    return sessions.filter((session) => !hasEnded(session, now))
  }

  /** Counts an attempt to sign in from a network; false if there were too many before it. */
  attempt(network: string, id: string, now: number): boolean {
    this.#purge(now)
    if (countRows(this.#sql, 'attempts WHERE network = ?', network) >= maxAttempts) {
      return false
    }
    insert(this.#sql, 'attempts', { network, at: now, id })
    return true
  }

  /** Forgets an attempt, which has succeeded. */
  takeBack(attempt: string): void {
    this.#sql.all('DELETE FROM attempts WHERE id = ?', attempt)
  }

  /** Marks a one-time code as used; false if it was used before. It is remembered until it expires. */
  use(code: string, until: number, now: number): boolean {
    this.#purge(now)
    return (
      this.#sql.all(
        'INSERT INTO used (code, until) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING code',
        code,
        until,
      ).length > 0
    )
  }

  #read(which: string, ...values: SqlValue[]): Session[] {
    return readRows(
      this.#sql,
      `SELECT id, subject, name, method, key_hash AS keyHash, created AS createdAt, seen AS seenAt,
        user_agent AS userAgent FROM sessions ${which}`,
      ...values,
    )
  }

  #purge(now: number): void {
    this.#sql.all(
      'DELETE FROM sessions WHERE created <= ? OR seen <= ?',
      now - sessionMs,
      now - idleMs,
    )
    this.#sql.all('DELETE FROM attempts WHERE at <= ?', now - attemptWindowMs)
    this.#sql.all('DELETE FROM used WHERE until <= ?', now)
  }
}

function hasEnded({ createdAt, seenAt }: Session, now: number): boolean {
  return now >= createdAt + sessionMs || now >= seenAt + idleMs
}
