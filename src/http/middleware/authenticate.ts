/** Requires a valid key. */
import type { MiddlewareHandler } from 'hono'

import { GatewayError } from '../../anthropic/error.ts'
import type { RememberedKey } from '../../keys/authenticate.ts'
import { authenticate } from '../../keys/authenticate.ts'
import type { KeyRecord } from '../../keys/record.ts'
import { mayUseModels } from '../../keys/record.ts'
import { BoundedCache, cacheBounds } from '../../platform/bounded-cache.ts'
import type { AppEnv, Dependencies } from '../env.ts'
import type { Configure } from './configure.ts'

/** How long a valid key is cached in seconds; a disabled key stays valid for as long. */
const rememberSeconds = 15

/**
 * Sets `config` and `key`. Throws what {@link Configure} and {@link authenticate} throw, and a GatewayError
 * `not_permitted` for a key that is not allowed; by default one that is for the Admin API alone.
 */
export function requireKey(
  { now }: Pick<Dependencies, 'now'>,
  configure: Configure,
  isAllowed: (record: KeyRecord) => boolean = mayUseModels,
): MiddlewareHandler<AppEnv> {
  const memory = new BoundedCache<RememberedKey>(cacheBounds.validKeys)
  return async function checkKey(c, next) {
    const { keys, caching } = configure(c)
    const key = await authenticate(c.req.raw.headers, {
      kv: keys,
      memory,
      cacheSeconds: caching ? rememberSeconds : 0,
      now: now(),
    })
    c.set('key', key)
    c.get('exchange').authenticated(key.id, key.last_four)
    if (!isAllowed(key)) {
      throw new GatewayError({ kind: 'not_permitted' })
    }
    await next()
  }
}
