/** The Worker's side of sign-in's Durable Objects: which object is asked for what. */
import type { PersonRule } from '../catalog/schema/sign-in.ts'
import type { Attempt } from './grants/attempts.ts'
import { toNetwork, windowSeconds } from './grants/attempts.ts'
import type { Handshake, Purpose } from './grants/browser-flow.ts'
import { flowSeconds } from './grants/browser-flow.ts'
import type { Client, PendingGrant, Poll } from './grants/device-grant.ts'
import { grantSeconds } from './grants/device-grant.ts'
import { mintDeviceCode, mintUserCode, readDeviceCode } from './grants/user-code.ts'
import type { Person } from './persons/person.ts'
import { toPersonId } from './persons/person.ts'
import { hashSecret, mintSecret } from './secret.ts'
import type { SignInObject } from './sign-in-object.ts'
import type { Refusal, Terms, Tokens } from './tokens/person-sessions.ts'
import { parseRefreshToken } from './tokens/refresh-token.ts'
import type { SignInSession } from './tokens/sign-in-sessions.ts'

/** The namespace of the Durable Objects of sign-in. */
export type SignInNamespace = Pick<DurableObjectNamespace<SignInObject>, 'getByName'>

/** Calls the Durable Objects of sign-in: of attempts, grants, flows and persons. */
export class SignIns {
  readonly #objects: SignInNamespace

  constructor(objects: SignInNamespace) {
    this.#objects = objects
  }

  /** Counts an attempt of an address. Returns whether it may be made. */
  async beginAttempt(attempt: Attempt, address: string): Promise<boolean> {
    return this.#ofAddress(address).beginAttempt(attempt, windowSeconds)
  }

  async takeBackAttempt(attempt: Attempt, address: string): Promise<void> {
    await this.#ofAddress(address).takeBackAttempt(attempt)
  }

  /** Begins a grant of the device flow. */
  async openGrant(client: Client): Promise<{ userCode: string; deviceCode: string }> {
    for (;;) {
      const userCode = mintUserCode()
      const deviceCode = mintDeviceCode(userCode)
      const hash = await hashSecret(deviceCode)
      // Twice as long: a client that polls late is answered that its code has expired.
      if (await this.#ofGrant(userCode).openGrant(hash, client, 2 * grantSeconds)) {
        return { userCode, deviceCode }
      }
    }
  }

  async pendingGrant(userCode: string): Promise<PendingGrant | undefined> {
    return this.#ofGrant(userCode).pendingGrant()
  }

  /** Approves a grant for a person, or denies it. Returns false if it is not pending any more. */
  async decideGrant(userCode: string, approvedBy: Person | undefined): Promise<boolean> {
    return this.#ofGrant(userCode).decideGrant(approvedBy)
  }

  async pollGrant(deviceCode: string): Promise<Poll> {
    const userCode = readDeviceCode(deviceCode)
    return userCode === undefined
      ? 'invalid_grant'
      : this.#ofGrant(userCode).pollGrant(await hashSecret(deviceCode))
  }

  /** Begins a sign-in in a browser; returns the value of its cookie. */
  async openFlow(
    purpose: Purpose,
    started: { handshake: Handshake } | { person: Person },
  ): Promise<string> {
    const [id, secret] = [mintSecret(), mintSecret()]
    const object = this.#objects.getByName(`flow:${id}`)
    await object.openFlow(await hashSecret(secret), purpose, started, flowSeconds)
    return `${id}.${secret}`
  }

  /** The handshake of a cookie's flow and a `state`, once; undefined if there is none. */
  async takeHandshake(cookie: string, state: string): Promise<Handshake | undefined> {
    const { object, hash } = await this.#ofFlow(cookie)
    return object?.takeHandshake(hash, state)
  }

  /** Notes who has signed in; returns what for. */
  async identifyFlow(cookie: string, person: Person): Promise<Purpose | undefined> {
    const { object, hash } = await this.#ofFlow(cookie)
    return object?.identifyFlow(hash, person)
  }

  /** Who has signed in, and what for; undefined before that. */
  async signedIn(cookie: string): Promise<{ person: Person; purpose: Purpose } | undefined> {
    const { object, hash } = await this.#ofFlow(cookie)
    return object?.signedIn(hash)
  }

  async endFlow(cookie: string): Promise<void> {
    await (await this.#ofFlow(cookie)).object?.endFlow()
  }

  /** Signs a person in. */
  async openSession(person: Person, client: Client, terms: Terms): Promise<Tokens | Refusal> {
    const id = await toPersonId(person)
    return this.#ofPerson(id).openSession(id, person, client, terms)
  }

  /** Replaces a refresh token; undefined for one that is not good. */
  async refreshSession(
    token: string,
    terms: { people: readonly PersonRule[]; keyMs: number },
  ): Promise<Tokens | undefined> {
    const id = parseRefreshToken(token)?.personId
    return id === undefined ? undefined : this.#ofPerson(id).refreshSession(id, token, terms)
  }

  async isSessionOpen(personId: string, sessionId: string): Promise<boolean> {
    return this.#ofPerson(personId).isSessionOpen(personId, sessionId)
  }

  async listSessions(personId: string): Promise<SignInSession[]> {
    return this.#ofPerson(personId).listSessions(personId)
  }

  /** Ends one session, or all of the person. */
  async endSessions(personId: string, sessionId: string | undefined): Promise<void> {
    await this.#ofPerson(personId).endSessions(personId, sessionId)
  }

  /** Ends the session of a refresh token; nothing happens for any other text. */
  async endSessionOf(token: string): Promise<void> {
    const id = parseRefreshToken(token)?.personId
    if (id !== undefined) {
      await this.#ofPerson(id).endSessionOf(id, token)
    }
  }

  #ofAddress(address: string) {
    return this.#objects.getByName(`address:${toNetwork(address)}`)
  }

  #ofGrant(userCode: string) {
    return this.#objects.getByName(`grant:${userCode}`)
  }

  #ofPerson(id: string) {
    return this.#objects.getByName(`person:${id}`)
  }

  async #ofFlow(cookie: string) {
    const [, id, secret] = /^([0-9a-f]{64})\.([0-9a-f]{64})$/.exec(cookie) ?? []
    return id === undefined || secret === undefined
      ? { object: undefined, hash: '' }
      : { object: this.#objects.getByName(`flow:${id}`), hash: await hashSecret(secret) }
  }
}
