/** The cookie of a session. */
import type { Context } from 'hono'

import { HostCookie } from '../../host-cookie.ts'

/** The cookie that has the token of a session. */
export const sessionCookie = new HostCookie('gw')

/** Whether a key may be sent: over TLS, or without leaving this machine. */
export function isProtected(c: Context): boolean {
  const { protocol, hostname } = new URL(c.req.url)
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}
