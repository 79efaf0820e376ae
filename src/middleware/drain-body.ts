/**
 * Reads a body that nobody read. Where an answer goes out while the client is still sending, workerd
 * closes the connection and may reset it; the client then sees a broken socket instead of the refusal,
 * and tries again.
 */
import type { MiddlewareHandler } from 'hono'

import type { AppEnv } from '../app-env.ts'

/** A refusal must stay cheap: past this the client may as well be cut off. */
const maxDrainedBytes = 4 * 1024 * 1024

/** After the answer is made and before it is sent. */
export function drainBody(): MiddlewareHandler<AppEnv> {
  return async function readRest(c, next) {
    await next()
    const { body, bodyUsed, headers } = c.req.raw
    if (body === null || bodyUsed || body.locked) {
      return
    }
    const length = Number(headers.get('content-length') ?? Infinity)
    if (length <= maxDrainedBytes) {
      // Without reading piece by piece in JavaScript: junk must cost next to nothing.
      await c.req.raw.arrayBuffer().catch(() => {
        // The client has gone; there is no one to refuse.
      })
    }
  }
}
