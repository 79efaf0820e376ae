/** Refuses requests that another site made a browser send. */
import type { MiddlewareHandler } from 'hono'

import { GatewayError } from '../../../anthropic/error.ts'

/**
 * Passes views, and changes whose `Origin` is the console's own; `Sec-Fetch-Site`, which older browsers do not
 * send, must agree. Throws a GatewayError `not_permitted`.
 */
export const requireSameOrigin: MiddlewareHandler = async function checkOrigin(c, next) {
  const isView = c.req.method === 'GET' || c.req.method === 'HEAD'
  const isOwn =
    c.req.header('origin') === new URL(c.req.url).origin &&
    (c.req.header('sec-fetch-site') ?? 'same-origin') === 'same-origin'
  if (!isView && !isOwn) {
    throw new GatewayError({
      kind: 'not_permitted',
      message: 'This request does not come from a page of the console.',
    })
  }
  await next()
}
