/** Reads the bindings once a request, so that a missing one is named in Anthropic's envelope. */
import type { MiddlewareHandler } from 'hono'

import type { AppEnv } from '../app-env.ts'
import { readConfig } from '../config.ts'

/** Sets `config`. Throws a GatewayError `misconfigured`. */
export function configure(): MiddlewareHandler<AppEnv> {
  return async function readBindings(c, next) {
    c.set('config', readConfig(c.env))
    await next()
  }
}
