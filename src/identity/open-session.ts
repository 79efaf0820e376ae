/** Whether a key of sign-in is valid: KV has its record until it expires, but its session may have ended. */
import type { KeyRecord } from '../keys/record.ts'
import type { LedgerNamespace } from '../ledger/client.ts'
import { isEnded } from '../ledger/client.ts'
import type { SignInNamespace } from './sign-ins.ts'
import { SignIns } from './sign-ins.ts'

/** The objects that know whether a session is open. */
export interface SessionLookup {
  signIns: SignInNamespace | undefined
  /** Undefined without the binding; then the end of a person's access is known when a key is refreshed. */
  ledgers: LedgerNamespace | undefined
}

/**
 * Whether the session of a key is open, and its person's access has not ended; always for a key without a
 * session. Both objects are called at the same time, and nothing is cached: signing out takes effect with the
 * next request.
 */
export async function isSessionOpen(
  { signIns, ledgers }: SessionLookup,
  key: KeyRecord,
): Promise<boolean> {
  const { id, session } = key
  if (session === undefined) {
    return true
  }
  if (signIns === undefined) {
    return false
  }
  const [isOpen, hasEnded] = await Promise.all([
    new SignIns(signIns).isSessionOpen(id, session),
    isEnded(ledgers, key),
  ])
  return isOpen && !hasEnded
}
