/** Whose files or batches a request is about. */
import type { Context } from 'hono'

import { GatewayError } from '../../anthropic/error.ts'
import { mayAdminister, mayUseModels } from '../../keys/record.ts'
import type { AppEnv } from '../env.ts'

/** The id of the key whose they are: the request's own, or for an admin key that of `?api_key_id=`. */
export function ownerOf(c: Context<AppEnv>): string {
  const key = c.get('key')
  const other = c.req.query('api_key_id')
  if (other === undefined || other === key.id) {
    return key.id
  }
  if (!mayAdminister(key)) {
    throw new GatewayError({ kind: 'not_permitted' })
  }
  // Admins name keys as the Admin API does.
  return other.startsWith('gw-') ? other.slice('gw-'.length) : other
}

/** Throws a GatewayError `not_permitted` for a key that is for the Admin API alone. */
export function requireModels(c: Context<AppEnv>): void {
  if (!mayUseModels(c.get('key'))) {
    throw new GatewayError({ kind: 'not_permitted' })
  }
}
