/**
 * Sessions of the console. A sign-in creates one with {@link ConsoleSessions.create} and sets its token as the
 * cookie; each request finds it by the token, with the key whose rights it has.
 */
import { readRecordByHash } from '../keys/authenticate.ts'
import { hashKey } from '../keys/key.ts'
import type { KeyRecord } from '../keys/record.ts'
import { isExpired } from '../keys/record.ts'
import type { LedgerNamespace } from '../ledger/client.ts'
import { isEnded } from '../ledger/client.ts'
import { toHex } from '../platform/bytes.ts'
import type { KeyValue } from '../platform/key-value.ts'
import { toNetwork } from './grants/attempts.ts'
import { isSessionOpen } from './open-session.ts'
import type { Session, SessionGrant } from './session.ts'
import type { SessionsObject } from './sessions-object.ts'
import type { SignInNamespace } from './sign-ins.ts'

/** The namespace of the Durable Object of sessions. */
export type SessionNamespace = Pick<DurableObjectNamespace<SessionsObject>, 'getByName'>

/** The name of the one object. */
const objectName = 'sessions'

const maxUserAgent = 200

/** The bindings that sessions need. */
export interface SessionBindings {
  sessions: SessionNamespace
  keys: Pick<KeyValue, 'get'>
  /** Undefined without the binding; then a revoked key ends its sessions when KV has the change. */
  ledgers: LedgerNamespace | undefined
  /** Undefined without the binding; then only keys sign in. */
  signIns: SignInNamespace | undefined
}

/** A session that has not ended, and the key whose rights it has. */
export interface OpenSession {
  session: Session
  key: KeyRecord
}

/** The sessions of the console. */
export class ConsoleSessions {
  readonly #bindings: SessionBindings
  readonly #now: () => number

  /** `now` in epoch milliseconds. */
  constructor(bindings: SessionBindings, now: () => number) {
    this.#bindings = bindings
    this.#now = now
  }

  /** Creates a session. The token, which is the cookie's value, is in the result alone. */
  async create(grant: SessionGrant, userAgent: string): Promise<string> {
    const token = toHex(crypto.getRandomValues(new Uint8Array(32)))
    await this.#object().create({
      ...grant,
      id: crypto.randomUUID(),
      hash: await hashKey(token),
      userAgent: userAgent.slice(0, maxUserAgent),
    })
    return token
  }

  /**
   * Finds the session of a token. Undefined once it has ended, or its key has: one that expired, or was
   * rotated away, disabled or revoked.
   */
  async find(token: string): Promise<OpenSession | undefined> {
    const hash = await hashKey(token)
    const session = await this.#object().find(hash)
    if (session === undefined) {
      return undefined
    }
    const key = await this.#findKey(session.keyHash)
    if (key === undefined) {
      await this.#object().end(hash)
      return undefined
    }
    return { session, key }
  }

  async end(token: string): Promise<void> {
    await this.#object().end(await hashKey(token))
  }

  /** Ends the sessions of a subject: all of them, or one by its id. Returns how many there were. */
  async endOf(subject: string, id?: string): Promise<number> {
    return this.#object().endOf(subject, id)
  }

  /** The open sessions of a subject, or of all, the latest first. */
  async list(subject?: string): Promise<Session[]> {
    return this.#object().list(subject)
  }

  /**
   * Counts an attempt to sign in from an address. Returns the function that takes it back, for an attempt
   * that succeeds; undefined if there were too many from the address's network.
   */
  async attempt(address: string): Promise<(() => Promise<void>) | undefined> {
    const id = crypto.randomUUID()
    const isAllowed = await this.#object().attempt(toNetwork(address), id)
    return isAllowed ? async () => this.#object().takeBack(id) : undefined
  }

  /** Whether a one-time code is used for the first time. `until`: when it expires, in epoch milliseconds. */
  async useOnce(code: string, until: number): Promise<boolean> {
    return this.#object().use(await hashKey(code), until)
  }

  #object() {
    return this.#bindings.sessions.getByName(objectName)
  }

  async #findKey(hash: string): Promise<KeyRecord | undefined> {
    const { keys, ledgers } = this.#bindings
    const key = await readRecordByHash(keys, hash)
    if (key?.status !== 'active' || isExpired(key, this.#now())) {
      return undefined
    }
    const isOpen = (await isSessionOpen(this.#bindings, key)) && !(await isEnded(ledgers, key))
    return isOpen ? key : undefined
  }
}
