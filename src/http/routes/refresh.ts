/** The path by which commands report that they have written to local KV. */
import type { Handler } from 'hono'

import type { AppEnv } from '../env.ts'
import type { Configure } from '../middleware/configure.ts'

/** Has `npm start` read KV again. Elsewhere there is no such path. */
export function answerRefresh(configure: Configure): Handler<AppEnv> {
  return async (c, next) => {
    const { local, cache } = configure(c)
    if (!local) {
      await next()
      return undefined
    }
    cache.expire()
    return c.json({})
  }
}
