/**
 * The steps that every request has in common, in order. They are one middleware, since each one of
 * Hono's costs as much as parsing a small request.
 */
import type { Context, MiddlewareHandler } from 'hono'

import { Exchange } from '../../exchange/record/exchange.ts'
import { consolePath } from '../console-path.ts'
import type { AppEnv, Dependencies } from '../env.ts'
import { drainBody } from './drain-body.ts'
import type { Circumstances, Tools } from './record.ts'
import { addLimitHeaders, recordExchange } from './record.ts'
import { beginTrace, nameTrace, readClientTrace } from './trace.ts'

/** Paths without CORS: the Admin API, which no web page of another origin needs, and the gateway's own pages. */
const closedPaths = ['/v1/organizations/', '/device', '/oauth/callback', consolePath]

/** Sets `exchange`. */
export function frame(tools: Dependencies & Tools): MiddlewareHandler<AppEnv> {
  const { newId, now } = tools
  return async function aroundRequest(c, next) {
    const exchange = new Exchange(newId('req_'), now)
    c.set('exchange', exchange)
    readClientTrace(exchange, c.req.raw.headers)
    const isForPages = !closedPaths.some((path) => c.req.path.startsWith(path))
    if (c.req.method === 'OPTIONS' && isForPages) {
      c.res = answerPreflight(c)
      nameResponse(c.res.headers, exchange)
    } else {
      await next()
      if (!c.req.raw.bodyUsed) {
        await drainBody(c.req.raw)
      }
      const { headers } = c.res
      addLimitHeaders(headers, exchange.record)
      nameResponse(headers, exchange)
      beginTrace(exchange, c.get('config')?.telemetry)
      nameTrace(headers, exchange)
      recordExchange(toCircumstances(c), exchange, tools)
      if (isForPages) {
        allowOrigin(c)
      }
    }
  }
}

function toCircumstances(c: Context<AppEnv>): Circumstances {
  const { method, path } = c.req
  return {
    method,
    path,
    status: () => c.res.status,
    config: c.get('config'),
    spans: c.get('spans'),
    waitUntil: (promise) => c.executionCtx.waitUntil(promise),
  }
}

/**
 * Sets `request-id`, which SDKs show and by which operators find the log line. The id of an
 * upstream (when passed through) is kept and logged, and the gateway's is then in
 * `gateway-request-id`.
 */
function nameResponse(headers: Headers, exchange: Exchange): void {
  const upstreamId = headers.get('request-id')
  if (upstreamId === null) {
    headers.set('request-id', exchange.record.id)
  } else if (upstreamId !== exchange.record.id) {
    exchange.upstreamNamed(upstreamId)
    headers.set('gateway-request-id', exchange.record.id)
  }
}

/** Matches the headers that scripts may read: all that the gateway documents. */
const exposed =
  /^(?:gateway-|anthropic-ratelimit-|request-id$|retry-after|x-should-retry$|server-timing$|allow$)/

/** Responds to the preflight that a browser sends before a request with a key. */
function answerPreflight(c: Context<AppEnv>): Response {
  return c.body(null, 204, {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, POST, DELETE, OPTIONS',
    'access-control-allow-headers': c.req.header('access-control-request-headers') ?? '*',
    'access-control-max-age': '600',
  })
}

/** Adds the headers to a response to a browser, also to an error. */
function allowOrigin(c: Context<AppEnv>): void {
  if (c.req.header('origin') !== undefined) {
    const { headers } = c.res
    const names = [...headers.keys()].filter((name) => exposed.test(name))
    headers.set('access-control-allow-origin', '*')
    headers.set('access-control-expose-headers', names.join(', '))
  }
}
