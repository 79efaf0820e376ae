/** Rejects a key of sign-in whose session has ended. */
import { GatewayError } from '../../anthropic/error.ts'
import type { Config } from '../../exchange/config.ts'
import type { KeyRecord } from '../../keys/record.ts'

/**
 * Throws a GatewayError `invalid_key` for a session that has ended, and `session_unavailable` while that
 * cannot be known. Keys without a session pass.
 */
export async function requireSession(config: Config, key: KeyRecord): Promise<void> {
  if (key.session === undefined) {
    return
  }
  const { isSessionOpen } = await import('../../identity/open-session.ts')
  const isOpen = await isSessionOpen(config, key).catch((error: unknown) => {
    throw new GatewayError({ kind: 'session_unavailable' }, { cause: error })
  })
  if (!isOpen) {
    throw new GatewayError({ kind: 'invalid_key' })
  }
}
