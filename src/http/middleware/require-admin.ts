/** Requires an admin key, or for a view one that may read all. All other keys get the same errors, which reveal nothing. */
import type { Context, MiddlewareHandler } from 'hono'

import { GatewayError } from '../../anthropic/error.ts'
import type { RememberedKey } from '../../keys/authenticate.ts'
import { authenticate } from '../../keys/authenticate.ts'
import type { KeyRecord } from '../../keys/record.ts'
import { mayAdminister, mayReadAll } from '../../keys/record.ts'
import { isEnded } from '../../ledger/client.ts'
import { BoundedCache } from '../../platform/bounded-cache.ts'
import type { KeyValue } from '../../platform/key-value.ts'
import type { AppEnv, Dependencies } from '../env.ts'
import type { Configure } from './configure.ts'
import { requireSession } from './require-session.ts'
import { readSessionKey } from './session-key.ts'

/**
 * Sets `config` and `key`, unless a session has set the key. Throws a GatewayError `misconfigured` without
 * bindings, `invalid_key` for every key that is not valid now, and `not_permitted` for one without the scope.
 * Nothing is cached, unlike for other requests, since these are few and more powerful.
 */
export function requireAdmin(
  { now }: Pick<Dependencies, 'now'>,
  configure: Configure,
): MiddlewareHandler<AppEnv> {
  return async function checkAdmin(c, next) {
    const config = configure(c)
    const { keys, ledgers } = config
    const key = readSessionKey(c) ?? (await authenticateNow(c, keys, now()))
    c.get('exchange').authenticated(key)
    await requireSession(config, key)
    const isAllowed = isView(c) ? mayReadAll(key) : mayAdminister(key)
    if (!isAllowed) {
      throw new GatewayError({ kind: 'not_permitted' })
    }
    if (await isEnded(ledgers, key)) {
      throw new GatewayError({ kind: 'invalid_key' })
    }
    c.set('key', key)
    await next()
  }
}

/** Calls that change nothing; an export has more than any page shows. */
function isView({ req: { method, path } }: Context<AppEnv>): boolean {
  const isCheck = /\/(?:catalog\/check|resolve)$/.test(path)
  return isCheck || ((method === 'GET' || method === 'HEAD') && !path.endsWith('/export'))
}

async function authenticateNow(c: Context<AppEnv>, kv: KeyValue, now: number): Promise<KeyRecord> {
  const lookup = { kv, memory: new BoundedCache<RememberedKey>(0), cacheSeconds: 0, now }
  return authenticate(c.req.raw.headers, lookup).catch((error: unknown) => {
    const isExpired = error instanceof GatewayError && error.failure.kind === 'expired_key'
    throw isExpired ? new GatewayError({ kind: 'invalid_key' }) : error
  })
}
