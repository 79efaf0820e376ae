/** The names by which ledgers are found: the id of a key, `group:<id>`, or {@link gatewayLedger}. */
const groupPrefix = 'group:'

/** The name of a group's ledger; that of a key's is the key's id. */
export function toGroupLedger(groupId: string): string {
  return groupPrefix + groupId
}

/**
 * The name of the ledger that holds the alerts which are about no key: ids of keys are ten characters long.
 */
export const gatewayLedger = 'gateway'

/** The id of the group whose ledger has this name; undefined for a key's. */
export function parseGroupLedger(name: string): string | undefined {
  return name.startsWith(groupPrefix) ? name.slice(groupPrefix.length) : undefined
}
