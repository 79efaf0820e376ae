/** The browser's side of a sign-in: the cookie of its flow, and what proves that a form is the gateway's own. */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

import { GatewayError } from '../../../anthropic/error.ts'
import { flowSeconds } from '../../../identity/grants/browser-flow.ts'
import { hashSecret } from '../../../identity/secret.ts'

/**
 * The cookie's name by origin: on this machine there is no TLS, and browsers would not keep a cookie with the
 * prefix.
 */
function toCookieName(origin: string): string {
  return origin.startsWith('https:') ? '__Host-gw-sign-in' : 'gw-sign-in'
}

/** The cookie of the browser's flow; an empty text if there is none. */
export function readFlowCookie(c: Context, origin: string): string {
  return getCookie(c, toCookieName(origin)) ?? ''
}

/** Sets the cookie of a sign-in's flow. */
export function setFlowCookie(c: Context, origin: string, value: string): void {
  setCookie(c, toCookieName(origin), value, {
    path: '/',
    httpOnly: true,
    secure: origin.startsWith('https:'),
    // The provider's redirect back comes from another site, and must carry it.
    sameSite: 'Lax',
    maxAge: flowSeconds,
  })
}

/** Deletes the cookie of a sign-in's flow. */
export function deleteFlowCookie(c: Context, origin: string): void {
  deleteCookie(c, toCookieName(origin), { path: '/', secure: origin.startsWith('https:') })
}

/** The token that the forms of a flow carry, so that no other page can post them. */
export async function toFormToken(cookie: string): Promise<string> {
  return hashSecret(`form:${cookie}`)
}

/** Throws a GatewayError `not_permitted` for a form that a page of another origin has posted. */
export function requireOwnOrigin(c: Context, origin: string): void {
  const from = c.req.header('origin')
  const site = c.req.header('sec-fetch-site')
  const isOwn = from === origin && (site === undefined || site === 'same-origin')
  if (!isOwn) {
    const message = `This form must be sent from ${origin} itself.`
    throw new GatewayError({ kind: 'not_permitted', message })
  }
}
