/** Signs a person in, refreshes and ends sessions: sessions in the person's object, their keys in KV. */
import type { PersonRule } from '../../catalog/schema/sign-in.ts'
import { makeKey } from '../../keys/change.ts'
import { keyEntry, mintId } from '../../keys/key.ts'
import type { KeyRecord } from '../../keys/record.ts'
import { mintRecord, showKey } from '../../keys/store.ts'
import type { KeyValue } from '../../platform/key-value.ts'
import type { Client } from '../grants/device-grant.ts'
import type { Person } from '../persons/person.ts'
import { findRule, toKeyName } from '../persons/person.ts'
import { hashSecret } from '../secret.ts'
import type { Store } from '../store.ts'
import { mintRefreshToken, parseRefreshToken } from './refresh-token.ts'
import type { SignInSession } from './sign-in-sessions.ts'
import { SignInSessions } from './sign-in-sessions.ts'

/** What a person gets by signing in. */
export interface Terms {
  rule: Omit<PersonRule, 'match'>
  /** The time for which a key is valid, in milliseconds. */
  keyMs: number
  /** The time for which a session can be refreshed, in milliseconds; undefined if it cannot. */
  sessionMs: number | undefined
}

/** The fields of an OAuth token response. */
export interface Tokens {
  access_token: string
  token_type: 'Bearer'
  /** Seconds. */
  expires_in: number
  refresh_token?: string
  email?: string
}

/** Why there are no tokens: a sentence. */
export interface Refusal {
  refused: string
}

/** The sessions of persons, with the keys that they issue. */
export class PersonSessions {
  readonly #id: string
  readonly #kv: KeyValue
  readonly #store: Store
  readonly #sessions: SignInSessions

  /** `id`: of the person's key. */
  constructor(id: string, kv: KeyValue, store: Store) {
    this.#id = id
    this.#kv = kv
    this.#store = store
    this.#sessions = new SignInSessions(store)
  }

  /** Begins a session. The person's key is created at the first one. */
  async open(
    person: Person,
    client: Client,
    { rule, keyMs, sessionMs }: Terms,
    now: number,
  ): Promise<Tokens | Refusal> {
    const holder = (await this.#readHolder()) ?? (await this.#createHolder(person, rule, now))
    if ('refused' in holder) {
      return holder
    }
    const refused = whyRefused(holder, person)
    if (refused !== undefined) {
      return { refused }
    }
    const sessionId = mintId()
    const refreshToken =
      sessionMs === undefined ? undefined : mintRefreshToken({ personId: this.#id, sessionId })
    const session: SignInSession = {
      id: sessionId,
      person,
      client,
      createdAt: now,
      refreshedAt: now,
      endsAt: now + (sessionMs ?? keyMs),
      refreshHash: refreshToken === undefined ? undefined : await hashSecret(refreshToken),
      replaced: [],
    }
    this.#sessions.open(session, now)
    return this.#issue(session, holder, { rule, keyMs, refreshToken }, now)
  }

  /**
   * Replaces a refresh token and issues a key. Undefined for a token that is not good, or a person who may no
   * longer sign in: the session has ended then.
   */
  async refresh(
    token: string,
    people: readonly PersonRule[],
    keyMs: number,
    now: number,
  ): Promise<Tokens | undefined> {
    const { sessionId = '' } = parseRefreshToken(token) ?? {}
    const refreshToken = mintRefreshToken({ personId: this.#id, sessionId })
    const [hash, nextHash] = [await hashSecret(token), await hashSecret(refreshToken)]
    const session = this.#sessions.replace(sessionId, hash, nextHash, now)
    if (session === undefined) {
      return undefined
    }
    const rule = findRule(people, session.person)
    const holder = await this.#readHolder()
    if (
      rule === undefined ||
      holder === undefined ||
      whyRefused(holder, session.person) !== undefined
    ) {
      this.#sessions.end(sessionId)
      return undefined
    }
    return this.#issue(session, holder, { rule, keyMs, refreshToken }, now)
  }

  /** Whether keys of this session are valid. */
  isOpen(sessionId: string, now: number): boolean {
    return this.#sessions.find(sessionId, now) !== undefined
  }

  list(now: number): SignInSession[] {
    return this.#sessions.list(now)
  }

  /** Ends a session, or all. */
  end(sessionId: string | undefined, now: number): void {
    const ids = sessionId === undefined ? this.#sessions.list(now).map(({ id }) => id) : [sessionId]
    ids.forEach((id) => this.#sessions.end(id))
  }

  /** Ends the session of a refresh token that it issued, whether it was replaced or not. */
  async endByToken(token: string, now: number): Promise<void> {
    const { sessionId = '' } = parseRefreshToken(token) ?? {}
    const hash = await hashSecret(token)
    const session = this.#sessions.find(sessionId, now)
    if (session?.refreshHash === hash || session?.replaced.includes(hash) === true) {
      this.#sessions.end(sessionId)
    }
  }

  async #issue(
    session: SignInSession,
    holder: KeyRecord,
    { rule, keyMs, refreshToken }: Omit<Terms, 'sessionMs'> & { refreshToken: string | undefined },
    now: number,
  ): Promise<Tokens> {
    const endsAt = Math.min(now + keyMs, session.endsAt)
    const { id, created_at: _, last_four: __, status: ___, version, ...fields } = holder
    const { key, hash, record } = await mintRecord(
      id,
      {
        ...fields,
        scopes: rule.admin === true ? ['inference', 'admin'] : ['inference'],
        expires_at: new Date(endsAt).toISOString(),
        session: session.id,
        owner: session.person,
      },
      new Date(now),
    )
    await this.#kv.put(keyEntry(hash), JSON.stringify({ ...record, version }), {
      expiration: Math.ceil(endsAt / 1000) + keptSeconds,
    })
    const { email } = session.person
    return {
      access_token: key,
      token_type: 'Bearer',
      expires_in: Math.max(1, Math.floor((endsAt - now) / 1000)),
      ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
      ...(email === undefined ? {} : { email }),
    }
  }

  /** The person's own key: its secret is known to no one, and what all sessions have in common. */
  async #readHolder(): Promise<KeyRecord | undefined> {
    const stored = (await showKey(this.#kv, this.#id))?.at(-1)
    // KV may not show for a minute what it was given.
    const written = this.#store.get<KeyRecord>(holderEntry)
    return stored === undefined || (stored.version ?? 0) < (written?.version ?? 0)
      ? written
      : stored
  }

  async #createHolder(
    owner: Person,
    { models, limits, group_id }: Terms['rule'],
    now: number,
  ): Promise<KeyRecord | Refusal> {
    const made = await makeKey(
      this.#kv,
      { name: toKeyName(owner), models, limits, group_id },
      { now: new Date(now), actor: 'sign-in', id: this.#id, owner },
    )
    if ('fault' in made) {
      return { refused: `Your key could not be created: ${made.fault}` }
    }
    const [holder] = made.records
    if (holder === undefined) {
      throw new Error('a key was made without a record')
    }
    this.#store.put(holderEntry, holder)
    return holder
  }
}

const holderEntry = 'holder'

/** Seconds for which KV keeps the record of a key that has expired, so that it is refused as such. */
const keptSeconds = 86_400

function whyRefused({ status, owner }: KeyRecord, { issuer, subject }: Person): string | undefined {
  if (owner?.issuer !== issuer || owner.subject !== subject) {
    return 'Another person has the same key id. Contact the operator of this gateway.'
  }
  return status === 'active'
    ? undefined
    : `Your access to this gateway is ${status}. Contact its operator.`
}
