/** Whether a request has anything to do with server tools: if not, nothing else of this room is loaded. */
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, isObject } from '../anthropic/json.ts'

/** Types of tool entries that this room may serve, without their dates. */
const served = /^(?:web_search|web_fetch|advisor)_\d|^tool_search_tool_/

/** Looks at the types of tools and of the blocks of assistant messages, and for MCP servers. */
export function usesServerTools(json: JsonObject): boolean {
  const { tools, messages } = json
  return (
    namesMcpServers(json) || asArray(tools).some(isServed) || asArray(messages).some(hasServerBlock)
  )
}

/** Whether tools of MCP servers are asked for. */
export function namesMcpServers({ mcp_servers: servers, tools }: JsonObject): boolean {
  return asArray(servers).length > 0 || asArray(tools).some(isMcpToolset)
}

export function isMcpToolset(tool: unknown): boolean {
  return isObject(tool) && tool['type'] === 'mcp_toolset'
}

function isServed(tool: unknown): boolean {
  return isObject(tool) && typeof tool['type'] === 'string' && served.test(tool['type'])
}

function hasServerBlock(message: unknown): boolean {
  return (
    isObject(message) &&
    message['role'] === 'assistant' &&
    asArray(message['content']).some(
      (block) => isObject(block) && block['type'] === 'server_tool_use',
    )
  )
}
