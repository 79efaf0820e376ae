/** Top-level fields that no other protocol has, and that the gateway itself serves. */
import type { ClientRequest } from '../request/request.ts'

/** The fields, with what is reported of each. */
export function toServed({
  safeguard,
  context,
  compaction,
  fallbacks,
}: ClientRequest): ReadonlyMap<string, string> {
  const served = new Map<string, string>()
  if (safeguard !== undefined) {
    served.set('safeguards', safeguard.model)
  }
  if (context?.hasEdits === true) {
    served.set('context_management', 'gateway')
  }
  if (compaction !== undefined) {
    served.set('compaction', compaction.model)
  }
  if (fallbacks !== undefined) {
    served.set('fallbacks', 'gateway')
  }
  return served
}
