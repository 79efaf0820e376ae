/** What OpenID Connect issuers publish about themselves: their endpoints and keys, cached in the isolate. */
import { createRemoteJWKSet, customFetch as joseFetch } from 'jose'
import type { AuthorizationServer } from 'oauth4webapi'
import * as oauth from 'oauth4webapi'

import { BoundedCache, cacheBounds } from '../../platform/bounded-cache.ts'
import type { Fetch } from '../../platform/fetch.ts'

/** The signing keys of an issuer. */
export type KeySet = ReturnType<typeof createRemoteJWKSet>

/** The time for which a discovery document is cached, in milliseconds. */
const keepMs = 3_600_000

/** Discovers issuers and their signing keys. */
export class Issuers {
  readonly #fetch: Fetch
  readonly #now: () => number
  readonly #servers = new BoundedCache<{ server: AuthorizationServer; until: number }>(
    cacheBounds.issuers,
  )
  readonly #keySets = new BoundedCache<KeySet>(cacheBounds.issuers)

  constructor({ fetch, now }: { fetch: Fetch; now: () => number }) {
    this.#fetch = fetch
    this.#now = now
  }

  /** The discovery document of an issuer. Throws an error if there is none, or it is another issuer's. */
  async discover(issuer: string): Promise<AuthorizationServer> {
    const known = this.#servers.get(issuer)
    if (known !== undefined && this.#now() < known.until) {
      return known.server
    }
    const url = new URL(issuer)
    const response = await oauth.discoveryRequest(url, this.toOptions(issuer))
    const server = await oauth.processDiscoveryResponse(url, response)
    this.#servers.set(issuer, { server, until: this.#now() + keepMs })
    return server
  }

  /** The keys with which an issuer signs. */
  async keysOf(issuer: string): Promise<KeySet> {
    const { jwks_uri: url } = await this.discover(issuer)
    if (url === undefined) {
      throw new Error(`${issuer} publishes no keys`)
    }
    return this.keysAt(url)
  }

  /** The keys at a URL. They are read again for a key that is not among them, at most every half minute. */
  keysAt(url: string): KeySet {
    const known = this.#keySets.get(url)
    const keys =
      known ??
      createRemoteJWKSet(new URL(url), {
        [joseFetch]: (target: string, init: RequestInit) => this.#fetch(target, init),
      })
    this.#keySets.set(url, keys)
    return keys
  }

  /** The options of requests to an issuer: http is for one on this machine, which the catalog's check allows. */
  toOptions(issuer: string) {
    return {
      [oauth.customFetch]: (
        url: string,
        {
          body,
          signal,
          ...init
        }: oauth.CustomFetchOptions<'GET' | 'POST', URLSearchParams | undefined>,
      ) => this.#fetch(url, { ...init, ...(body && { body }), ...(signal && { signal }) }),
      [oauth.allowInsecureRequests]: issuer.startsWith('http:'),
    }
  }
}
