/** One tool of an MCP server as a tool that runs here. */
import type { McpToolResult, ServerResultBlock } from '../../anthropic/answer/wire/server-tools.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, parseJson } from '../../anthropic/json.ts'
import { toFreeRun } from '../result.ts'
import type { RefusalReason, Run, RunContext, ServerCall, ServerTool } from '../tool.ts'
import type { McpConnection } from './connection.ts'
import { McpFailure } from './connection.ts'
import { masked } from './masked.ts'
import { toTexts } from './result-text.ts'
import type { McpServer, OfferedMcpTool } from './toolset.ts'

interface McpToolOptions {
  server: McpServer
  connection: McpConnection
  /** The name by which the model calls it. */
  name: string
  cacheControl: unknown
}

/** A tool of an MCP server as a server tool. */
export class McpTool implements ServerTool {
  readonly name: string
  readonly price = 0
  readonly select = undefined
  readonly ref: { name: string; mcpServer: string }
  readonly definition: JsonObject
  readonly #server: McpServer
  readonly #connection: McpConnection

  constructor(offered: OfferedMcpTool, { server, connection, name, cacheControl }: McpToolOptions) {
    this.name = name
    this.ref = { name: offered.tool.name, mcpServer: server.name }
    this.#server = server
    this.#connection = connection
    this.definition = toDefinition(name, offered, cacheControl)
  }

  report(): void {
    // The toolset is reported, not each of its tools.
  }

  async run({ id, json }: ServerCall, { signal }: RunContext): Promise<Run> {
    const input = json.trim() === '' ? {} : asObject(parseJson(json))
    if (input === undefined) {
      return this.#toRun(id, ['The arguments are not a JSON object.'], 'invalid arguments')
    }
    const { token, name: server } = this.#server
    try {
      const result = await this.#connection.call(this.ref.name, input, signal)
      const texts = toTexts(result).map((text) => masked(text, token))
      return this.#toRun(id, texts, result.isError ? 'tool error' : undefined)
    } catch (error) {
      const detail = error instanceof McpFailure ? error.message : 'unknown error'
      const text = `Error while communicating with MCP server ${JSON.stringify(server)}: ${detail}.`
      return this.#toRun(id, [text], detail)
    }
  }

  refuse({ id }: ServerCall, reason: RefusalReason): ServerResultBlock {
    return toResult(id, [`The tool was not called: ${reason}.`], true)
  }

  #toRun(id: string, texts: readonly string[], failed: string | undefined): Run {
    return toFreeRun(toResult(id, texts, failed !== undefined), failed && `mcp: ${failed}`)
  }
}

/** The result of a call. */
export function toResult(id: string, texts: readonly string[], isError: boolean): McpToolResult {
  const content = texts.map((text) => ({ type: 'text' as const, text }))
  return { type: 'mcp_tool_result', tool_use_id: id, is_error: isError, content }
}

function toDefinition(
  name: string,
  { tool: { description, input_schema: schema }, isDeferred }: OfferedMcpTool,
  cacheControl: unknown,
): JsonObject {
  return {
    name,
    ...(description === undefined ? {} : { description }),
    // Some servers leave the type out.
    input_schema: { ...schema, type: 'object' },
    ...(isDeferred ? { defer_loading: true } : {}),
    ...(cacheControl === undefined ? {} : { cache_control: cacheControl }),
  }
}
