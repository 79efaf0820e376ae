/** Ids of calls that run here: `srvtoolu_gw…`, so that the gateway knows its own when they come back. */

const prefix = 'srvtoolu_gw'

/** Calls of tools of MCP servers, which have nothing that only the gateway could read. */
const mcpPrefix = 'mcptoolu_'

/** A fresh id. `newId` as the gateway has it. */
export function newCallId(newId: (prefix: string) => string, isMcp: boolean): string {
  return newId(isMcp ? mcpPrefix : prefix)
}

/** Whether the gateway made this id. */
export function isOwnCallId(id: unknown): boolean {
  return typeof id === 'string' && id.startsWith(prefix)
}
