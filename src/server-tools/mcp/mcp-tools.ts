/** The tools of all MCP servers of a request, connected for one answer. */
import type { McpToolListing } from '../../anthropic/answer/wire/server-tools.ts'
import { invalidRequest } from '../../anthropic/error.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, asString } from '../../anthropic/json.ts'
import type { Report } from '../../anthropic/report.ts'
import type { BoundedCache } from '../../platform/bounded-cache.ts'
import type { ClientConnection } from '../../streaming/client-connection.ts'
import { blocksOf } from '../history/read-blocks.ts'
import type { McpSettings } from '../settings.ts'
import type { ToolServices } from '../tool.ts'
import { isMcpToolset } from '../uses-server-tools.ts'
import { McpConnection, McpFailure } from './connection.ts'
import { FunctionNames } from './function-names.ts'
import type { CachedListing, Listing } from './listing.ts'
import { listTools } from './listing.ts'
import { McpTool } from './mcp-tool.ts'
import type { McpToolset } from './toolset.ts'
import { readToolsets } from './toolset.ts'

/** What the servers of one request are asked with. */
export interface McpContext {
  /** The id of the caller's key. */
  keyId: string
  /** The value of `anthropic-beta`. */
  betas: string
  client: ClientConnection
  cache: BoundedCache<CachedListing>
}

interface ServedToolset {
  toolset: McpToolset
  listing: Listing
  connection: McpConnection
  tools: readonly McpTool[]
}

/** The version of the toolset from which on answers have listings for the client to send back. */
const versionWithListings = 'mcp-client-2026-09-15'

/** The tools of all MCP servers of a request. */
export class McpTools {
  readonly #served: readonly ServedToolset[]
  readonly #names: FunctionNames
  readonly #returnsListings: boolean

  constructor(served: readonly ServedToolset[], names: FunctionNames, returnsListings: boolean) {
    this.#served = served
    this.#names = names
    this.#returnsListings = returnsListings
  }

  /** All tools, with the index of the client's entry; undefined in the deprecated form. */
  get tools(): { tool: McpTool; index: number | undefined }[] {
    return this.#served.flatMap(({ tools, toolset: { index } }) =>
      tools.map((tool) => ({ tool, index })),
    )
  }

  /** Listings that the client does not have. */
  get newListings(): McpToolListing[] {
    const fresh = this.#returnsListings
      ? this.#served.filter(({ listing }) => !listing.isKnown)
      : []
    return fresh.map(({ toolset: { server }, listing: { tools } }) => ({
      type: 'mcp_tool_listing',
      mcp_server_name: server.name,
      tools,
    }))
  }

  /** The name by which the model calls a tool. */
  functionName(server: string, tool: string): string {
    return this.#names.of(server, tool)
  }

  /** The messages with calls by the names that the model knows. */
  rename(messages: readonly unknown[]): unknown[] {
    return messages.map((message) => {
      const blocks = blocksOf(message)
      return blocks.some(isCall)
        ? { ...asObject(message), content: blocks.map((block) => this.#renameCall(block)) }
        : message
    })
  }

  report(report: Report): void {
    for (const { toolset, listing } of this.#served) {
      report.map(toolset.path, 'gateway')
      for (const name of toolset.unknownTools(listing.tools)) {
        report.ignore(`${toolset.path}.configs.${name}`)
      }
    }
  }

  /** Ends all sessions. Never rejects. */
  async close(): Promise<void> {
    await Promise.all(this.#served.map(({ connection }) => connection.close()))
  }

  #renameCall(block: JsonObject): JsonObject {
    const { server_name: server, name } = block
    return isCall(block) && typeof server === 'string' && typeof name === 'string'
      ? { ...block, name: this.functionName(server, name) }
      : block
  }
}

function isCall({ type }: JsonObject): boolean {
  return type === 'mcp_tool_use'
}

/**
 * Lists the tools of the servers that a request names. Throws a GatewayError `invalid_request` for a request
 * that contradicts itself, and for a server that does not answer, as Anthropic's servers do.
 */
export async function connectMcp(
  json: JsonObject,
  {
    settings,
    services,
    context,
  }: { settings: McpSettings; services: ToolServices; context: McpContext },
): Promise<McpTools> {
  const { betas, client, cache, keyId } = context
  const { fetch, now, ownHosts } = services
  const toolsets = readToolsets(json, { betas, settings, ownHosts })
  const controller = new AbortController()
  const unsubscribe = client.onDisconnect(() => controller.abort())
  const { signal } = controller
  const isTrusted = settings.origins !== undefined
  const connected = toolsets.map((toolset) => ({
    toolset,
    connection: new McpConnection(toolset.server, { fetch, isTrusted, signal }),
  }))
  const messages = asArray(json['messages'])
  const ask = { messages, keyId, cache, now, signal }
  try {
    const listed = await Promise.all(
      connected.map(async ({ toolset, connection }) => ({
        toolset,
        connection,
        listing: await list(toolset, () => listTools(toolset, connection, ask)),
      })),
    )
    return toMcpTools(listed, json, betas)
  } catch (error) {
    await Promise.all(connected.map(({ connection }) => connection.close()))
    throw error
  } finally {
    unsubscribe()
  }
}

async function list({ server }: McpToolset, ask: () => Promise<Listing>): Promise<Listing> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof McpFailure)) {
      throw error
    }
    const kind = error.isUnauthorized ? 'Authentication' : 'Connection'
    const name = JSON.stringify(server.name)
    const message = `${kind} error while communicating with MCP server ${name}: ${error.message}.`
    throw invalidRequest(message, server.path)
  }
}

function toMcpTools(
  listed: readonly Omit<ServedToolset, 'tools'>[],
  json: JsonObject,
  betas: string,
): McpTools {
  const entries = asArray(json['tools']).filter((tool) => !isMcpToolset(tool))
  const names = new FunctionNames(
    entries.flatMap((tool) => asString(asObject(tool)?.['name']) ?? []),
  )
  const served = listed.map((each) => ({ ...each, tools: toTools(each, names) }))
  return new McpTools(served, names, betas.includes(versionWithListings))
}

function toTools(
  { toolset, listing, connection }: Omit<ServedToolset, 'tools'>,
  names: FunctionNames,
): McpTool[] {
  const { server, cacheControl } = toolset
  const offered = toolset.offer(listing.tools)
  return offered.map(
    (each, index) =>
      new McpTool(each, {
        server,
        connection,
        name: names.of(server.name, each.tool.name),
        // A breakpoint at a toolset is one after its last tool.
        cacheControl: index === offered.length - 1 ? cacheControl : undefined,
      }),
  )
}
