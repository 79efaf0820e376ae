/** Refuses requests that another site made a browser send. */
import type { MiddlewareHandler } from 'hono'

import { GatewayError } from '../../../anthropic/error.ts'
import { isFrom } from '../../routes/sign-in/browser.ts'

/**
 * Passes views, and changes that pages of the console's own origin have sent. Throws a GatewayError
 * `not_permitted`.
 */
export const requireSameOrigin: MiddlewareHandler = async function checkOrigin(c, next) {
  const isView = c.req.method === 'GET' || c.req.method === 'HEAD'
  if (!isView && !isFrom(c, new URL(c.req.url).origin)) {
    throw new GatewayError({
      kind: 'not_permitted',
      message: 'This request was not sent by a page of the console.',
    })
  }
  await next()
}
