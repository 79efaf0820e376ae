/**
 * CORS, as Anthropic's API has it. Only requests with an `Origin` get the headers. Any origin is
 * allowed, since requests are protected by the key.
 */
import type { Context } from 'hono'

import type { AppEnv } from '../env.ts'

/** Matches the headers that scripts may read: all that the gateway documents. */
const exposed =
  /^(?:gateway-|anthropic-ratelimit-|request-id$|retry-after|x-should-retry$|server-timing$|allow$)/

/** Responds to the preflight that a browser sends before a request with a key. */
export function answerPreflight(c: Context<AppEnv>): Response {
  return c.body(null, 204, {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, POST, DELETE, OPTIONS',
    'access-control-allow-headers': c.req.header('access-control-request-headers') ?? '*',
    'access-control-max-age': '600',
  })
}

/** Adds the headers to a response to a browser, also to an error. */
export function allowOrigin(c: Context<AppEnv>): void {
  if (c.req.header('origin') !== undefined) {
    const { headers } = c.res
    const names = [...headers.keys()].filter((name) => exposed.test(name))
    headers.set('access-control-allow-origin', '*')
    headers.set('access-control-expose-headers', names.join(', '))
  }
}
