import type { MiddlewareHandler } from 'hono'

import type { RememberedKey } from '../../keys/authenticate.ts'
import { authenticate } from '../../keys/authenticate.ts'
/** Requires a valid key. */
import { BoundedCache, cacheBounds } from '../../platform/bounded-cache.ts'
import type { AppEnv, Dependencies } from '../env.ts'
import type { Configure } from './configure.ts'

/** How long a valid key is used without reading KV again: a disabled key works on for as long. */
const rememberSeconds = 15

/** Sets `config` and `key`. Throws what {@link Configure} and {@link authenticate} throw. */
export function requireKey(
  { now }: Pick<Dependencies, 'now'>,
  configure: Configure,
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
    await next()
  }
}
