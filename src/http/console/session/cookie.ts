/** The cookie of a session. */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

/**
 * The cookie's name on this machine without TLS; elsewhere it has the prefix `__Host-`, which browsers hold
 * to its host.
 */
const plainName = 'gw'

const attributes = { path: '/', httpOnly: true, sameSite: 'Lax' } as const

/** The token of the request's session; undefined without one. */
export function readToken(c: Context): string | undefined {
  return isSecure(c) ? getCookie(c, plainName, 'host') : getCookie(c, plainName)
}

/** Sets the cookie to a session's token. */
export function writeToken(c: Context, token: string): void {
  if (isSecure(c)) {
    setCookie(c, plainName, token, { ...attributes, secure: true, prefix: 'host' })
  } else {
    setCookie(c, plainName, token, attributes)
  }
}

/** Deletes the cookie. */
export function removeToken(c: Context): void {
  const options = isSecure(c)
    ? ({ ...attributes, secure: true, prefix: 'host' } as const)
    : attributes
  deleteCookie(c, plainName, options)
}

/** Whether a key may be sent: over TLS, or without leaving this machine. */
export function isProtected(c: Context): boolean {
  const { protocol, hostname } = new URL(c.req.url)
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

function isSecure(c: Context): boolean {
  return new URL(c.req.url).protocol === 'https:'
}
