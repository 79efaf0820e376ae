/**
 * Calls of server tools that have not run yet: Anthropic's servers leave a call for the next
 * request if the model calls tools of the client's in the same turn.
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, asString } from '../../anthropic/json.ts'
import { blocksOf, resultOf } from '../history/read-blocks.ts'
import type { ServerTools } from '../server-tools.ts'
import { toServerToolName } from '../server-tools.ts'
import type { ServerCall } from '../tool.ts'

/** Finds the calls of the last assistant message that have no result. */
export function findUnansweredCalls(
  messages: readonly unknown[],
  tools: ServerTools,
): ServerCall[] {
  const at = messages.findLastIndex((message) => asObject(message)?.['role'] === 'assistant')
  const last = messages[at]
  const answered = new Set(messages.slice(at).flatMap((message) => blocksOf(message).map(resultOf)))
  return blocksOf(last).flatMap((block): ServerCall[] => {
    const id = asString(block['id'])
    const name = toName(block, tools)
    return id !== undefined && name !== undefined && !answered.has(id)
      ? [{ id, name, json: JSON.stringify(block['input'] ?? {}) }]
      : []
  })
}

/** The name by which the model calls the tool; undefined for a block that is no call of a server tool. */
function toName(
  { type, name, server_name: server }: JsonObject,
  tools: ServerTools,
): string | undefined {
  const tool = asString(name) ?? ''
  if (type === 'mcp_tool_use') {
    return tools.mcp?.functionName(asString(server) ?? '', tool)
  }
  return type === 'server_tool_use' ? toServerToolName(tool) : undefined
}
