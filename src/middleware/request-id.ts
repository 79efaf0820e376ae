/** Every answer has a `request-id`, success too: SDKs show it, and operators find the log line by it. */
import type { MiddlewareHandler } from 'hono'

import type { AppEnv } from '../app-env.ts'

/** Sets `requestId` and the header. An id that an upstream gave (a pass-through) is kept. */
export function requestId(newId: (prefix: string) => string): MiddlewareHandler<AppEnv> {
  return async function setRequestId(c, next) {
    const id = newId('req_')
    c.set('requestId', id)
    await next()
    if (!c.res.headers.has('request-id')) {
      c.res.headers.set('request-id', id)
    }
  }
}
