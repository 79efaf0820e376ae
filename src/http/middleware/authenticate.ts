/** Requires a valid key. */
import type { MiddlewareHandler } from 'hono'

import { GatewayError } from '../../anthropic/error.ts'
import { authenticate } from '../../keys/authenticate.ts'
import type { KeyRecord } from '../../keys/record.ts'
import { mayUseModels } from '../../keys/record.ts'
import type { AppEnv, Dependencies } from '../env.ts'
import type { Configure } from './configure.ts'
import { requireSession } from './require-session.ts'
import { readSessionKey } from './session-key.ts'

/** How long a valid key is cached in seconds; a disabled key stays valid for as long. */
const rememberSeconds = 15

/**
 * Sets `config`, `key` and `group`. Throws what {@link Configure}, {@link authenticate},
 * {@link requireSession} and `findGroup` throw, and a GatewayError
 * `not_permitted` for a key that is not allowed; by default one that is for the Admin API alone.
 */
export function requireKey(
  { now }: Pick<Dependencies, 'now'>,
  configure: Configure,
  isAllowed: (record: KeyRecord) => boolean = mayUseModels,
): MiddlewareHandler<AppEnv> {
  return async function checkKey(c, next) {
    const config = configure(c)
    const { keys: kv, caching, cache } = config
    const cacheSeconds = caching ? rememberSeconds : 0
    const lookup = { kv, cacheSeconds, now: now() }
    const key =
      readSessionKey(c) ??
      (await authenticate(c.req.raw.headers, { ...lookup, memory: cache.keys }))
    c.set('key', key)
    c.get('exchange').authenticated(key)
    if (key.session !== undefined) {
      await requireSession(config, key)
    }
    if (!isAllowed(key)) {
      throw new GatewayError({ kind: 'not_permitted' })
    }
    if (key.group_id !== undefined) {
      const { findGroup } = await import('../../keys/groups/lookup.ts')
      c.set('group', await findGroup(key.group_id, { ...lookup, memory: cache.groups }))
    }
    await next()
  }
}
