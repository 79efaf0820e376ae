/** Requires an admin key. All other keys get the same errors, which reveal nothing. */
import type { MiddlewareHandler } from 'hono'

import { GatewayError } from '../../anthropic/error.ts'
import { authenticate } from '../../keys/authenticate.ts'
import { mayAdminister } from '../../keys/record.ts'
import { BoundedCache } from '../../platform/bounded-cache.ts'
import type { AppEnv, Dependencies } from '../env.ts'
import type { Configure } from './configure.ts'
import { requireSession } from './require-session.ts'

/**
 * Sets `config` and `key`. Throws a GatewayError `misconfigured` without bindings, `invalid_key`
 * for every key that is not valid now, and `not_permitted` for one without the admin scope. Nothing
 * is cached, unlike for other requests, since these are few and more powerful.
 */
export function requireAdmin(
  { now }: Pick<Dependencies, 'now'>,
  configure: Configure,
): MiddlewareHandler<AppEnv> {
  return async function checkAdmin(c, next) {
    const config = configure(c)
    const { keys, ledgers } = config
    const key = await authenticate(c.req.raw.headers, {
      kv: keys,
      memory: new BoundedCache(0),
      cacheSeconds: 0,
      now: now(),
    }).catch((error: unknown) => {
      const isExpired = error instanceof GatewayError && error.failure.kind === 'expired_key'
      throw isExpired ? new GatewayError({ kind: 'invalid_key' }) : error
    })
    c.get('exchange').authenticated(key)
    await requireSession(config, key)
    if (!mayAdminister(key)) {
      throw new GatewayError({ kind: 'not_permitted' })
    }
    // KV may be stale for a minute; the key's ledger is not.
    const policy = await ledgers?.getByName(key.id).policy()
    if (policy && policy.version > (key.version ?? 0) && policy.status !== 'active') {
      throw new GatewayError({ kind: 'invalid_key' })
    }
    c.set('key', key)
    await next()
  }
}
