/**
 * The sessions of one person: each is a family of refresh tokens, of which the latest alone is good. A token
 * that was replaced and comes again is in two hands, and ends the family.
 */
import type { Client } from '../grants/device-grant.ts'
import type { Person } from '../persons/person.ts'
import type { Store } from '../store.ts'

/** A session of a person. Times are epoch milliseconds. */
export interface SignInSession {
  id: string
  person: Person
  client: Client
  /** Epoch milliseconds. */
  createdAt: number
  refreshedAt: number
  /** When the person must sign in again. */
  endsAt: number
  /** The hash of the refresh token; undefined for a session that cannot be refreshed. */
  refreshHash: string | undefined
  /** The hashes of refresh tokens that were replaced, the oldest first. */
  replaced: string[]
}

/** The sessions of a person; the oldest ends when one more begins. */
const maxSessions = 50

/** Replaced tokens that are recognized; an older one is unknown, and so refused as well. */
const maxReplaced = 1000

const prefix = 'session:'

/** The sessions of one person, in the storage of the person's Durable Object. */
export class SignInSessions {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  open(session: SignInSession, now: number): void {
    const live = this.list(now)
    live.slice(0, Math.max(0, live.length + 1 - maxSessions)).forEach(({ id }) => this.end(id))
    this.#put(session)
  }

  /** All that have not ended, the oldest first. */
  list(now: number): SignInSession[] {
    const sessions = [...this.#store.list<SignInSession>({ prefix })].map(([, session]) => session)
    sessions.filter(({ endsAt }) => endsAt <= now).forEach(({ id }) => this.end(id))
    return sessions
      .filter(({ endsAt }) => endsAt > now)
      .toSorted((a, b) => a.createdAt - b.createdAt)
  }

  find(id: string, now: number): SignInSession | undefined {
    const session = this.#store.get<SignInSession>(prefix + id)
    return session !== undefined && now < session.endsAt ? session : undefined
  }

  /**
   * Replaces a session's refresh token. Undefined for a token that is not its latest; one that was ends the
   * session.
   */
  replace(id: string, hash: string, nextHash: string, now: number): SignInSession | undefined {
    const session = this.find(id, now)
    if (session === undefined || session.refreshHash !== hash) {
      if (session?.replaced.includes(hash) === true) {
        this.end(id)
      }
      return undefined
    }
    const replaced = [...session.replaced, hash].slice(-maxReplaced)
    const next = { ...session, refreshHash: nextHash, refreshedAt: now, replaced }
    this.#put(next)
    return next
  }

  end(id: string): void {
    this.#store.delete(prefix + id)
  }

  #put(session: SignInSession): void {
    this.#store.put(prefix + session.id, session)
  }
}
