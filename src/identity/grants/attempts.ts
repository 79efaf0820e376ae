/** How often an address has tried something: codes and sign-ins are guessed at a bounded rate. */
import type { Store } from '../store.ts'

interface Window {
  count: number
  /** Epoch milliseconds. */
  since: number
}

/** What is counted for each address, and how often it may be tried in {@link windowSeconds}. */
export const attemptLimits = {
  /** Requests for a device code. */
  device: 30,
  /** User codes that are not those of a grant. */
  code: 10,
} as const

/** A kind of attempt that is counted. */
export type Attempt = keyof typeof attemptLimits

/** The seconds in which attempts are counted. */
export const windowSeconds = 600

/** Counts the attempts of one address. */
export class Attempts {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** Counts an attempt. Returns whether it may be made. */
  begin(attempt: Attempt, now: number): boolean {
    const known = this.#store.get<Window>(attempt)
    const isOver = known === undefined || now >= known.since + windowSeconds * 1000
    const window = isOver ? { count: 0, since: now } : known
    if (window.count >= attemptLimits[attempt]) {
      return false
    }
    this.#store.put<Window>(attempt, { ...window, count: window.count + 1 })
    return true
  }

  /** Takes back an attempt that was none: the code was right. */
  takeBack(attempt: Attempt): void {
    const window = this.#store.get<Window>(attempt)
    if (window !== undefined && window.count > 0) {
      this.#store.put<Window>(attempt, { ...window, count: window.count - 1 })
    }
  }
}

/**
 * The address whose attempts are counted together: an IPv4 address, or the /64 network of an IPv6 one, all of
 * which one customer has.
 */
export function toNetwork(address: string): string {
  if (!address.includes(':')) {
    return address === '' ? 'unknown' : address
  }
  const [head = '', tail = ''] = address.toLowerCase().split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  const groups = [...before, ...zeros, ...after].slice(0, 4)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}
