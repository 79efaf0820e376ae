/** The state of a key or group as its ledger last applied it: newer than what caches of KV may still hold. */
import type { GroupRecord } from '../../keys/groups/record.ts'
import type { KeyLimits } from '../../keys/limits.ts'
import type { KeyRecord } from '../../keys/record.ts'
import { exchangeFact, readFact } from './facts.ts'
import type { Sql } from './sql.ts'

/** The limits and status that a ledger applies, by the version of their record. */
export interface Policy {
  /** The version of the key's or group's record; the highest wins. */
  version: number
  status: KeyRecord['status'] | GroupRecord['status']
  limits: KeyLimits
}

/** Reads the stored policy; undefined before the first request. */
export function readPolicy(sql: Sql): Policy | undefined {
  const text = readFact(sql, 'policy')
  const policy: Policy | undefined = text === undefined ? undefined : JSON.parse(text)
  return policy
}

/** Stores a policy, unless a newer one is known. */
export function writePolicy(sql: Sql, policy: Policy): void {
  const known = readPolicy(sql)
  if (known === undefined || known.version <= policy.version) {
    exchangeFact(sql, 'policy', JSON.stringify(policy))
  }
}
