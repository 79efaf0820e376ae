/**
 * The Durable Object of sign-in: one for each grant of the device flow, each sign-in in a browser, each
 * address that tries codes, and each person with sessions. They must be exact at once, which KV is not. What
 * they do is loaded when it is first needed, since most deployments have no sign-in.
 */
import { DurableObject } from 'cloudflare:workers'

import type { PersonRule } from '../catalog/schema/sign-in.ts'
import { withWriteRetries } from '../keys/write-retries.ts'
import type { Attempt, Attempts } from './grants/attempts.ts'
import type { BrowserFlow, Handshake, Purpose } from './grants/browser-flow.ts'
import type { Client, DeviceGrant, PendingGrant, Poll } from './grants/device-grant.ts'
import type { Person } from './persons/person.ts'
import type { PersonSessions, Refusal, Terms, Tokens } from './tokens/person-sessions.ts'
import type { SignInSession } from './tokens/sign-in-sessions.ts'

/** All methods are called by RPC; the Worker's side is sign-ins.ts. */
export class SignInObject extends DurableObject<Env> {
  async openGrant(deviceHash: string, client: Client, seconds: number): Promise<boolean> {
    await this.#forgetAfter(seconds)
    return (await this.#grant()).open(deviceHash, client, Date.now())
  }

  async pendingGrant(): Promise<PendingGrant | undefined> {
    return (await this.#grant()).pending(Date.now())
  }

  async decideGrant(approvedBy: Person | undefined): Promise<boolean> {
    return (await this.#grant()).decide(approvedBy, Date.now())
  }

  async pollGrant(deviceHash: string): Promise<Poll> {
    return (await this.#grant()).poll(deviceHash, Date.now())
  }

  async openFlow(
    secretHash: string,
    purpose: Purpose,
    started: { handshake: Handshake } | { person: Person },
    seconds: number,
  ): Promise<void> {
    await this.#forgetAfter(seconds)
    ;(await this.#flow()).open(secretHash, purpose, started, Date.now())
  }

  async takeHandshake(secretHash: string, state: string): Promise<Handshake | undefined> {
    return (await this.#flow()).takeHandshake(secretHash, state, Date.now())
  }

  async identifyFlow(secretHash: string, person: Person): Promise<Purpose | undefined> {
    return (await this.#flow()).identify(secretHash, person, Date.now())
  }

  async signedIn(secretHash: string): Promise<{ person: Person; purpose: Purpose } | undefined> {
    return (await this.#flow()).signedIn(secretHash, Date.now())
  }

  async endFlow(): Promise<void> {
    ;(await this.#flow()).end()
  }

  async beginAttempt(attempt: Attempt, seconds: number): Promise<boolean> {
    await this.#forgetAfter(seconds)
    return (await this.#attempts()).begin(attempt, Date.now())
  }

  async takeBackAttempt(attempt: Attempt): Promise<void> {
    ;(await this.#attempts()).takeBack(attempt)
  }

  async openSession(
    personId: string,
    person: Person,
    client: Client,
    terms: Terms,
  ): Promise<Tokens | Refusal> {
    return (await this.#sessions(personId)).open(person, client, terms, Date.now())
  }

  async refreshSession(
    personId: string,
    token: string,
    { people, keyMs }: { people: readonly PersonRule[]; keyMs: number },
  ): Promise<Tokens | undefined> {
    return (await this.#sessions(personId)).refresh(token, people, keyMs, Date.now())
  }

  async isSessionOpen(personId: string, sessionId: string): Promise<boolean> {
    return (await this.#sessions(personId)).isOpen(sessionId, Date.now())
  }

  async listSessions(personId: string): Promise<SignInSession[]> {
    return (await this.#sessions(personId)).list(Date.now())
  }

  /** Ends one session, or all of the person. */
  async endSessions(personId: string, sessionId: string | undefined): Promise<void> {
    ;(await this.#sessions(personId)).end(sessionId, Date.now())
  }

  async endSessionOf(personId: string, token: string): Promise<void> {
    await (await this.#sessions(personId)).endByToken(token, Date.now())
  }

  /** Deletes a grant, flow or count that is over. The object of a person has no alarm. */
  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll()
  }

  #forgetAfter(seconds: number): Promise<void> {
    return this.ctx.storage.setAlarm(Date.now() + seconds * 1000)
  }

  async #grant(): Promise<DeviceGrant> {
    const { DeviceGrant: Steps } = await import('./grants/device-grant.ts')
    return new Steps(this.ctx.storage.kv)
  }

  async #flow(): Promise<BrowserFlow> {
    const { BrowserFlow: Steps } = await import('./grants/browser-flow.ts')
    return new Steps(this.ctx.storage.kv)
  }

  async #attempts(): Promise<Attempts> {
    const { Attempts: Steps } = await import('./grants/attempts.ts')
    return new Steps(this.ctx.storage.kv)
  }

  async #sessions(personId: string): Promise<PersonSessions> {
    const { PersonSessions: Steps } = await import('./tokens/person-sessions.ts')
    return new Steps(personId, withWriteRetries(this.env.KEYS), this.ctx.storage.kv)
  }
}
