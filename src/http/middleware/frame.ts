/**
 * What is done around every request, whoever answers it, in the order in which it is done. One
 * middleware for all of it: each layer of Hono's costs as much as parsing a small request.
 */
import type { MiddlewareHandler } from 'hono'

import type { AppEnv, Dependencies } from '../env.ts'
import { allowOrigin, answerPreflight } from './cors.ts'
import { drainBody } from './drain-body.ts'
import { beginLine } from './log.ts'
import { nameAnswer, nameRequest } from './request-id.ts'

/** Sets `requestId` and `log`. */
export function frame(dependencies: Dependencies): MiddlewareHandler<AppEnv> {
  return async function aroundRequest(c, next) {
    nameRequest(c, dependencies)
    if (c.req.method === 'OPTIONS') {
      c.res = answerPreflight(c)
    } else {
      const writeLine = beginLine(c, dependencies)
      await next()
      await drainBody(c.req.raw)
      writeLine()
      allowOrigin(c)
    }
    nameAnswer(c)
  }
}
