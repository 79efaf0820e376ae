/**
 * One sign-in in a browser, held by a cookie: where it was begun, what its provider must return, and who has
 * signed in. Each step is made once, so that a link that is opened again, or in another browser, does nothing.
 */
import type { Person } from '../persons/person.ts'
import type { Store } from '../store.ts'

/** What the browser signs in for: the approval of a device, by its user code, or the console. */
export type Purpose = { device: string } | 'console'

/** What is checked when the browser comes back from the provider. */
export interface Handshake {
  /** Name of the provider in the catalog. */
  provider: string
  state: string
  nonce: string
  verifier: string
}

interface Flow {
  secretHash: string
  purpose: Purpose
  /** Undefined where the provider has been returned from, or there is none to return from. */
  handshake: Handshake | undefined
  person: Person | undefined
  /** Epoch milliseconds. */
  createdAt: number
}

/** Seconds in which a sign-in must end. */
export const flowSeconds = 600

const entry = 'flow'

/** One sign-in in a browser, in the storage of its Durable Object. */
export class BrowserFlow {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** Begins at a provider, or with the person whom Access has signed in. */
  open(
    secretHash: string,
    purpose: Purpose,
    started: { handshake: Handshake } | { person: Person },
    now: number,
  ): void {
    const flow = { secretHash, purpose, createdAt: now, handshake: undefined, person: undefined }
    this.#store.put<Flow>(entry, { ...flow, ...started })
  }

  /** The handshake of this `state`, once. */
  takeHandshake(secretHash: string, state: string, now: number): Handshake | undefined {
    const flow = this.#read(secretHash, now)
    if (flow?.handshake?.state !== state) {
      return undefined
    }
    this.#store.put<Flow>(entry, { ...flow, handshake: undefined })
    return flow.handshake
  }

  /** Notes who has signed in; returns what for. Undefined for a flow that has ended. */
  identify(secretHash: string, person: Person, now: number): Purpose | undefined {
    const flow = this.#read(secretHash, now)
    if (flow !== undefined) {
      this.#store.put<Flow>(entry, { ...flow, person })
    }
    return flow?.purpose
  }

  /** Who has signed in, and what for; undefined before that. */
  signedIn(secretHash: string, now: number): { person: Person; purpose: Purpose } | undefined {
    const { person, purpose } = this.#read(secretHash, now) ?? {}
    return person === undefined || purpose === undefined ? undefined : { person, purpose }
  }

  end(): void {
    this.#store.delete(entry)
  }

  #read(secretHash: string, now: number): Flow | undefined {
    const flow = this.#store.get<Flow>(entry)
    const isOpen = flow?.secretHash === secretHash && now < flow.createdAt + flowSeconds * 1000
    return isOpen ? flow : undefined
  }
}
