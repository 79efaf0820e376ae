/**
 * What every request has in common, in the order in which it happens. One middleware for all of it: each
 * layer of Hono's costs as much as parsing a small request.
 */
import type { MiddlewareHandler } from 'hono'

import { CachedPrompts } from '../../exchange/metering/cached-prompts.ts'
import { Exchange } from '../../exchange/record/exchange.ts'
import type { AppEnv, Dependencies } from '../env.ts'
import { allowOrigin, answerPreflight } from './cors.ts'
import { drainBody } from './drain-body.ts'
import { addLimitHeaders, recordExchange } from './record.ts'

/** No web page has a use for the Admin API, so it has no CORS. */
const adminPath = '/v1/organizations/'

/** Sets `exchange`. */
export function frame(dependencies: Dependencies): MiddlewareHandler<AppEnv> {
  const { newId, now } = dependencies
  const tools = { ...dependencies, cachedPrompts: new CachedPrompts() }
  return async function aroundRequest(c, next) {
    const exchange = new Exchange(newId('req_'), now)
    c.set('exchange', exchange)
    const isForPages = !c.req.path.startsWith(adminPath)
    if (c.req.method === 'OPTIONS' && isForPages) {
      c.res = answerPreflight(c)
      nameResponse(c.res, exchange)
    } else {
      await next()
      await drainBody(c.req.raw)
      addLimitHeaders(c.res, exchange.record)
      nameResponse(c.res, exchange)
      recordExchange(c, exchange, tools)
      if (isForPages) {
        allowOrigin(c)
      }
    }
  }
}

/**
 * Every response has a `request-id`: SDKs show it, and operators find the log line by it. An upstream's
 * own (of a pass-through) is kept and logged too, and the gateway's is then in `gateway-request-id`.
 */
function nameResponse({ headers }: Response, exchange: Exchange): void {
  const upstreamId = headers.get('request-id')
  if (upstreamId === null) {
    headers.set('request-id', exchange.record.id)
  } else if (upstreamId !== exchange.record.id) {
    exchange.upstreamNamed(upstreamId)
    headers.set('gateway-request-id', exchange.record.id)
  }
}
