/** Cookies that browsers hold to the gateway's host. */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

/** A cookie of the gateway's host alone, which scripts cannot read. `origin`: where browsers reach the gateway, by default that of the request. */
export class HostCookie {
  readonly #name: string
  readonly #maxAge: number | undefined

  /** `maxAge` in seconds; until the browser is closed if undefined. */
  constructor(name: string, maxAge?: number) {
    this.#name = name
    this.#maxAge = maxAge
  }

  read(c: Context, origin = originOf(c)): string | undefined {
    return getCookie(c, this.#nameAt(origin))
  }

  write(c: Context, value: string, origin = originOf(c)): void {
    setCookie(c, this.#nameAt(origin), value, {
      path: '/',
      httpOnly: true,
      secure: isSecure(origin),
      // The redirect back from a provider comes from another site, and must carry it.
      sameSite: 'Lax',
      ...(this.#maxAge !== undefined && { maxAge: this.#maxAge }),
    })
  }

  remove(c: Context, origin = originOf(c)): void {
    deleteCookie(c, this.#nameAt(origin), { path: '/', secure: isSecure(origin) })
  }

  /** The name by origin: without TLS, as on this machine, browsers would not keep a cookie with the prefix. */
  #nameAt(origin: string): string {
    return isSecure(origin) ? `__Host-${this.#name}` : this.#name
  }
}

function originOf(c: Context): string {
  return new URL(c.req.url).origin
}

function isSecure(origin: string): boolean {
  return origin.startsWith('https:')
}
