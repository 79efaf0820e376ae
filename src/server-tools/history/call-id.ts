/** Ids of calls that run here: `srvtoolu_gw…`, so that the gateway knows its own when they come back. */

const prefix = 'srvtoolu_gw'

/** A fresh id. `newId` as the gateway has it. */
export function newCallId(newId: (prefix: string) => string): string {
  return newId(prefix)
}

/** Whether the gateway made this id. */
export function isOwnCallId(id: unknown): boolean {
  return typeof id === 'string' && id.startsWith(prefix)
}
