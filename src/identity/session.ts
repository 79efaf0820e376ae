/** What a session of the console is, and how long it lasts. Pure. */

/** How a person signed in. */
export type SignInMethod = 'key' | 'link' | 'oidc' | 'access'

/** What a sign-in has proved. */
export interface SessionGrant {
  /** Who signed in: `key:<id>`, or another stable name. Signing out everywhere ends the sessions of one subject. */
  subject: string
  /** The name that pages show. */
  name: string
  method: SignInMethod
  /**
   * The SHA-256 of the secret of the key whose rights the session has, as in KV. The session has the rights
   * of that key and ends with it: a sign-in without a key creates one.
   */
  keyHash: string
}

/** An open session of the console. Times are epoch milliseconds. */
export interface Session extends SessionGrant {
  /** Identifies the session among those of its subject; it gives no access. */
  id: string
  /** The time of the sign-in. */
  createdAt: number
  seenAt: number
  /** The browser that signed in, as it names itself. */
  userAgent: string
}

/** The longest life of a session in milliseconds. */
export const sessionMs = 12 * 3_600_000

/** The milliseconds after which an unused session ends. */
export const idleMs = 2 * 3_600_000

/** Failed sign-ins from one network in {@link attemptWindowMs} after which further ones are refused. */
export const maxAttempts = 10

/** The milliseconds in which failed sign-ins of an address are counted. */
export const attemptWindowMs = 600_000
