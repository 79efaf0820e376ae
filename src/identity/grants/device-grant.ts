/** One grant of the device flow (RFC 8628): from the code that a client shows to the one use of its approval. */
import type { Person } from '../persons/person.ts'
import type { Store } from '../store.ts'

/** What asks for a grant, as far as it can be known: shown to the person who approves it. */
export interface Client {
  /** What the client calls itself: `claude_code`. */
  surface: string
  /** The client's user agent. */
  agent: string
  /** The client's IP address and country, as Cloudflare saw them; empty where unknown. */
  address: string
  country: string
}

interface Grant {
  deviceHash: string
  client: Client
  /** Epoch milliseconds. */
  createdAt: number
  state: 'pending' | 'denied' | 'used' | { approvedBy: Person }
  /** Seconds that the client must wait between polls. */
  interval: number
  /** When the client last polled, in epoch milliseconds. */
  polledAt: number
}

/** A grant that is not decided, as the page of approval shows it. */
export type PendingGrant = Pick<Grant, 'client' | 'createdAt'>

/** An error code of RFC 8628, or the approval, which is given once. */
export type Poll =
  | 'authorization_pending'
  | 'slow_down'
  | 'access_denied'
  | 'expired_token'
  | 'invalid_grant'
  | { approvedBy: Person; client: Client }

/** Seconds for which a grant can be approved and used. */
export const grantSeconds = 600

/** Seconds between polls at first; each poll that comes too early adds as many. */
export const pollSeconds = 5

/** A poll may be this much early, in milliseconds: the network is not even. */
const earlyMs = 500

const entry = 'grant'

/** One grant of the device flow, in the storage of its Durable Object. */
export class DeviceGrant {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** Begins the grant. Returns false if its user code is in use, so that another must be taken. */
  open(deviceHash: string, client: Client, now: number): boolean {
    if (this.#read(now) !== undefined) {
      return false
    }
    this.#store.put<Grant>(entry, {
      deviceHash,
      client,
      createdAt: now,
      state: 'pending',
      interval: pollSeconds,
      polledAt: Number.NEGATIVE_INFINITY,
    })
    return true
  }

  /** What there is to approve; undefined if there is nothing, or nothing any more. */
  pending(now: number): PendingGrant | undefined {
    const grant = this.#read(now)
    return grant?.state === 'pending'
      ? { client: grant.client, createdAt: grant.createdAt }
      : undefined
  }

  /** Approves it for a person, or denies it. Returns false if it is not pending any more. */
  decide(approvedBy: Person | undefined, now: number): boolean {
    const grant = this.#read(now)
    if (grant?.state !== 'pending') {
      return false
    }
    const state = approvedBy === undefined ? 'denied' : { approvedBy }
    this.#store.put<Grant>(entry, { ...grant, state })
    return true
  }

  /** Answers the client's poll. */
  poll(deviceHash: string, now: number): Poll {
    const grant = this.#read(now)
    if (grant === undefined) {
      return 'expired_token'
    }
    if (grant.deviceHash !== deviceHash || grant.state === 'used') {
      return 'invalid_grant'
    }
    if (grant.state === 'denied') {
      return 'access_denied'
    }
    if (grant.state === 'pending') {
      return this.#answerEarly(grant, now)
    }
    this.#store.put<Grant>(entry, { ...grant, state: 'used' })
    return { approvedBy: grant.state.approvedBy, client: grant.client }
  }

  #answerEarly(grant: Grant, now: number): Poll {
    const isEarly = now - grant.polledAt < grant.interval * 1000 - earlyMs
    const interval = grant.interval + (isEarly ? pollSeconds : 0)
    this.#store.put<Grant>(entry, { ...grant, interval, polledAt: now })
    return isEarly ? 'slow_down' : 'authorization_pending'
  }

  #read(now: number): Grant | undefined {
    const grant = this.#store.get<Grant>(entry)
    return grant !== undefined && now < grant.createdAt + grantSeconds * 1000 ? grant : undefined
  }
}
