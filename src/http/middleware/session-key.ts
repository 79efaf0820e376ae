import type { Context } from 'hono'

import type { KeyRecord } from '../../keys/record.ts'
import type { AppEnv } from '../env.ts'

/** The key of the session in whose name the console asks; undefined for a request with a key of its own. */
export function readSessionKey(c: Context<AppEnv>): KeyRecord | undefined {
  const key: KeyRecord | undefined = c.get('key')
  return key
}
