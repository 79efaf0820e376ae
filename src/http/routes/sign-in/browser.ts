/** The browser's side of a sign-in: the cookie of its flow, and what proves that a form is the gateway's own. */
import type { Context } from 'hono'

import { GatewayError } from '../../../anthropic/error.ts'
import { flowSeconds } from '../../../identity/grants/browser-flow.ts'
import { hashSecret } from '../../../identity/secret.ts'
import { HostCookie } from '../../host-cookie.ts'

/** The cookie of a sign-in's flow. */
export const flowCookie = new HostCookie('gw-sign-in', flowSeconds)

/** The token that the forms of a flow carry, so that no other page can post them. */
export async function toFormToken(cookie: string): Promise<string> {
  return hashSecret(`form:${cookie}`)
}

/** Throws a GatewayError `not_permitted` for a form that a page of another origin has posted. */
export function requireOwnOrigin(c: Context, origin: string): void {
  if (!isFrom(c, origin)) {
    const message = `This form must be sent from ${origin} itself.`
    throw new GatewayError({ kind: 'not_permitted', message })
  }
}

/** Whether a page of an origin has sent a request; `Sec-Fetch-Site`, which older browsers do not send, must agree. */
export function isFrom(c: Context, origin: string): boolean {
  const { 'sec-fetch-site': site = 'same-origin', origin: from } = c.req.header()
  return from === origin && site === 'same-origin'
}
