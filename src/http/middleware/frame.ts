/**
 * What is done around every request, whoever answers it, in the order in which it is done. One
 * middleware for all of it: each layer of Hono's costs as much as parsing a small request.
 */
import type { MiddlewareHandler } from 'hono'

import { Exchange } from '../../exchange/record/exchange.ts'
import type { AppEnv, Dependencies } from '../env.ts'
import { allowOrigin, answerPreflight } from './cors.ts'
import { drainBody } from './drain-body.ts'
import { addLimitHeaders, recordExchange } from './record.ts'

/** Sets `exchange`. */
export function frame(dependencies: Dependencies): MiddlewareHandler<AppEnv> {
  const { newId, now } = dependencies
  return async function aroundRequest(c, next) {
    const exchange = new Exchange(newId('req_'), now)
    c.set('exchange', exchange)
    if (c.req.method === 'OPTIONS') {
      c.res = answerPreflight(c)
    } else {
      await next()
      await drainBody(c.req.raw)
      addLimitHeaders(c.res, exchange.record)
      recordExchange(c, exchange, dependencies)
      allowOrigin(c)
    }
    nameResponse(c.res, exchange.record.id)
  }
}

/**
 * Every response has a `request-id`, a successful one too: SDKs show it, and operators find the log line
 * by it. An upstream's own (of a pass-through) is kept.
 */
function nameResponse({ headers }: Response, id: string): void {
  if (!headers.has('request-id')) {
    headers.set('request-id', id)
  }
}
