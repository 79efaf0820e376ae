/** The path by which commands report that they have written to local KV. */
import type { Handler } from 'hono'

import type { AppEnv } from '../env.ts'
import type { Configure } from '../middleware/configure.ts'

/** Discards what is cached of KV in `npm start`. Elsewhere there is no such path. */
export function answerRefresh(configure: Configure): Handler<AppEnv> {
  return async (c, next) => {
    const { forgetKv } = configure(c)
    if (forgetKv === undefined) {
      await next()
      return undefined
    }
    forgetKv()
    return c.json({})
  }
}
