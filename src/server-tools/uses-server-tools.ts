/** Whether a request has anything to do with server tools: if not, nothing else of this room is loaded. */
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, isObject } from '../anthropic/json.ts'
import { isToolsetType } from '../anthropic/request/client-toolsets.ts'

/** Types of tool entries that this room may serve, without their dates. */
const served = /^(?:web_search|web_fetch|advisor)_\d|^tool_search_tool_/

/** Looks at the types of tools and of the blocks of assistant messages, and for MCP servers. */
export function usesServerTools(json: JsonObject): boolean {
  const { tools, messages } = json
  return (
    namesMcpServers(json) ||
    asArray(tools).some((tool) => isServed(tool) || isClientToolset(tool)) ||
    asArray(messages).some((message) => hasCall(message, isServedCall))
  )
}

/** Whether there are toolsets that the client runs, or calls of their members. */
export function usesToolsets({ tools, messages }: JsonObject): boolean {
  return (
    asArray(tools).some(isClientToolset) ||
    asArray(messages).some((message) => hasCall(message, isMemberCall))
  )
}

/** Whether an entry of `tools` is a toolset that the client runs. */
export function isClientToolset(tool: unknown): tool is JsonObject {
  return isObject(tool) && typeof tool['type'] === 'string' && isToolsetType(tool['type'])
}

/** Whether tools of MCP servers are asked for. */
export function namesMcpServers({ mcp_servers: servers, tools }: JsonObject): boolean {
  return asArray(servers).length > 0 || asArray(tools).some(isMcpToolset)
}

/** Whether an entry of `tools` is the toolset of an MCP server. */
export function isMcpToolset(tool: unknown): boolean {
  return isObject(tool) && tool['type'] === 'mcp_toolset'
}

function isServed(tool: unknown): boolean {
  return isObject(tool) && typeof tool['type'] === 'string' && served.test(tool['type'])
}

function isServedCall(block: JsonObject): boolean {
  return block['type'] === 'server_tool_use' || isMemberCall(block)
}

function isMemberCall({ toolset_name: toolset }: JsonObject): boolean {
  return typeof toolset === 'string'
}

function hasCall(message: unknown, isSought: (block: JsonObject) => boolean): boolean {
  return (
    isObject(message) &&
    message['role'] === 'assistant' &&
    asArray(message['content']).some((block) => isObject(block) && isSought(block))
  )
}
