/** The names by which ledgers are found: the id of a key, or `group:<id>`. */
const groupPrefix = 'group:'

/** The name of a group's ledger; that of a key's is the key's id. */
export function toGroupLedger(groupId: string): string {
  return groupPrefix + groupId
}

/** The id of the group whose ledger has this name; undefined for a key's. */
export function parseGroupLedger(name: string): string | undefined {
  return name.startsWith(groupPrefix) ? name.slice(groupPrefix.length) : undefined
}
