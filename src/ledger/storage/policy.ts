/** What a key's ledger was told of the key itself: newer than what caches of KV may still say. */
import type { KeyLimits } from '../../keys/limits.ts'
import type { KeyRecord } from '../../keys/record.ts'
import type { Sql } from './sql.ts'
import { toText } from './sql.ts'

export interface Policy {
  /** Of the key's record; the highest wins. */
  version: number
  status: KeyRecord['status']
  limits: KeyLimits
}

export function readPolicy({ all }: Sql): Policy | undefined {
  const [row] = all(`SELECT value FROM facts WHERE name = 'policy'`)
  const policy: Policy | undefined = row && JSON.parse(toText(row['value']))
  return policy
}

/** Keeps a policy, unless a newer one is known. */
export function writePolicy(sql: Sql, policy: Policy): void {
  const known = readPolicy(sql)
  if (known === undefined || known.version <= policy.version) {
    sql.all(
      `INSERT INTO facts (name, value) VALUES ('policy', ?)
        ON CONFLICT DO UPDATE SET value = excluded.value`,
      JSON.stringify(policy),
    )
  }
}
