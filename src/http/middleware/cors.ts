/**
 * CORS, as Anthropic's API has it. Only requests with an `Origin` get the headers. Any origin is
 * allowed, since requests are protected by the key.
 */
import type { Context } from 'hono'

import type { AppEnv } from '../env.ts'

const exposed = [
  'request-id',
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
  'gateway-model',
  'gateway-adapted',
  'gateway-attempts',
  'server-timing',
  'gateway-ledger',
  ...['requests', 'tokens', 'input-tokens', 'output-tokens'].flatMap((what) =>
    ['limit', 'remaining', 'reset'].map((part) => `anthropic-ratelimit-${what}-${part}`),
  ),
].join(', ')

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
    c.res.headers.set('access-control-allow-origin', '*')
    c.res.headers.set('access-control-expose-headers', exposed)
  }
}
