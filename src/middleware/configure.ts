/** Reads the bindings, so that a missing one is named in Anthropic's envelope. */
import type { MiddlewareHandler } from 'hono'

import type { AppEnv } from '../app-env.ts'
import type { Config } from '../config.ts'
import { readConfig } from '../config.ts'

/** Sets `config`: once for all requests of an isolate, whose bindings are one object. Throws a GatewayError `misconfigured`. */
export function configure(): MiddlewareHandler<AppEnv> {
  const configs = new WeakMap<Env, Config>()
  return async function readBindings(c, next) {
    const config = configs.get(c.env) ?? readConfig(c.env)
    configs.set(c.env, config)
    c.set('config', config)
    await next()
  }
}
