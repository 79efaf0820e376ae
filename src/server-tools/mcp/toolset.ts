/** The MCP servers of a request, and which of their tools it offers. */
import type { McpListedTool } from '../../anthropic/answer/wire/server-tools.ts'
import { invalidAt } from '../../anthropic/error.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, asString, isObject } from '../../anthropic/json.ts'
import type { McpSettings } from '../settings.ts'
import { isMcpToolset } from '../uses-server-tools.ts'
import { readServerUrl } from './server-url.ts'

/** An MCP server that a request names; `path` is its place in the client's body. */
export interface McpServer {
  name: string
  url: URL
  /** The caller's bearer token for this server. */
  token: string | undefined
  /** The path of its entry in the client's body, such as `mcp_servers.0`. */
  path: string
}

/** A tool that the request offers, at once or deferred. */
export interface OfferedMcpTool {
  tool: McpListedTool
  /** Whether the model is to find it by a tool search first. */
  isDeferred: boolean
}

/** The tools of one server that a request offers. */
export class McpToolset {
  readonly server: McpServer
  /** The index of its entry in `tools`; undefined in the deprecated form, which has none. */
  readonly index: number | undefined
  readonly #entry: JsonObject

  constructor(server: McpServer, index: number | undefined, entry: JsonObject) {
    this.server = server
    this.index = index
    this.#entry = entry
  }

  /** The path of what configures it. */
  get path(): string {
    return this.index === undefined ? this.server.path : `tools.${this.index}`
  }

  /** The tools that the request pins, for which the server is not asked. */
  get pinned(): McpListedTool[] | undefined {
    const { tools } = this.#entry
    return Array.isArray(tools) ? readListing(tools) : undefined
  }

  get cacheControl(): unknown {
    return this.#entry['cache_control'] ?? undefined
  }

  /** Tools that are configured, but not listed. */
  unknownTools(listing: McpListedTool[]): string[] {
    const known = new Set(listing.map(({ name }) => name))
    return Object.keys(asObject(this.#entry['configs']) ?? {}).filter((name) => !known.has(name))
  }

  /** The tools of the server that are enabled. */
  offer(listing: McpListedTool[]): OfferedMcpTool[] {
    return listing
      .filter(({ name }) => this.#option(name, 'enabled') !== false)
      .map((tool) => ({ tool, isDeferred: this.#option(tool.name, 'defer_loading') === true }))
  }

  #option(tool: string, option: 'enabled' | 'defer_loading'): unknown {
    const { configs, default_config: shared } = this.#entry
    const own = new Map(Object.entries(asObject(configs) ?? {})).get(tool)
    return asObject(own)?.[option] ?? asObject(shared)?.[option]
  }
}

/** The entries that are tools, in Anthropic's fields. */
export function readListing(tools: readonly unknown[]): McpListedTool[] {
  return tools.filter(isObject).flatMap(({ name, description, input_schema: schema }) =>
    typeof name !== 'string' || name === ''
      ? []
      : {
          name,
          ...(typeof description === 'string' ? { description } : {}),
          input_schema: asObject(schema) ?? {},
        },
  )
}

/** What the MCP servers of a request are checked against: betas, settings, and the gateway's own hosts. */
export interface ToolsetContext {
  /** The value of `anthropic-beta`. */
  betas: string
  settings: McpSettings
  ownHosts: ReadonlySet<string>
}

/** Anthropic's servers take far fewer. */
const maxServers = 20

/** The version in which a server has all its tools enabled without a toolset. */
const versionWithoutToolsets = 'mcp-client-2025-04-04'

/** Throws a GatewayError `invalid_request` where servers and toolsets do not belong together. */
export function readToolsets(json: JsonObject, context: ToolsetContext): McpToolset[] {
  const servers = readServers(json['mcp_servers'], context)
  const toolsets = new Map<string, McpToolset>()
  for (const [index, entry] of asArray(json['tools']).entries()) {
    if (isObject(entry) && isMcpToolset(entry)) {
      const toolset = toToolset(entry, index, servers)
      const { name } = toolset.server
      if (toolsets.has(name)) {
        throw invalidAt(
          `tools.${index}.mcp_server_name`,
          `MCP server ${quote(name)} already has an mcp_toolset; each server needs exactly one`,
        )
      }
      toolsets.set(name, toolset)
    }
  }
  return [...servers.values()].map(
    ({ server, entry }) => toolsets.get(server.name) ?? toDeprecated(server, entry, context),
  )
}

type Servers = ReadonlyMap<string, { server: McpServer; entry: JsonObject }>

function readServers(list: unknown, context: ToolsetContext): Servers {
  const servers = new Map<string, { server: McpServer; entry: JsonObject }>()
  const entries = asArray(list)
  if (entries.length > maxServers) {
    throw invalidAt('mcp_servers', `at most ${maxServers} MCP servers are allowed`)
  }
  for (const [index, entry] of entries.entries()) {
    const path = `mcp_servers.${index}`
    if (!isObject(entry) || entry['type'] !== 'url') {
      throw invalidAt(`${path}.type`, 'Input should be "url"')
    }
    const name = asString(entry['name']) ?? ''
    if (name === '') {
      throw invalidAt(`${path}.name`, 'a name is required')
    }
    if (servers.has(name)) {
      throw invalidAt(`${path}.name`, `MCP server names must be unique, and ${quote(name)} is not`)
    }
    const url = readServerUrl(entry['url'], context)
    if ('problem' in url) {
      throw invalidAt(`${path}.url`, url.problem)
    }
    const token = asString(entry['authorization_token'])
    servers.set(name, { server: { name, ...url, token, path }, entry })
  }
  return servers
}

function toToolset(entry: JsonObject, index: number, servers: Servers): McpToolset {
  const name = asString(entry['mcp_server_name']) ?? ''
  const found = servers.get(name)
  if (found === undefined) {
    throw invalidAt(
      `tools.${index}.mcp_server_name`,
      `MCP server ${quote(name)} is not defined in mcp_servers`,
    )
  }
  return new McpToolset(found.server, index, entry)
}

/** A server that is configured by its own `tool_configuration`, or not at all. */
function toDeprecated(
  server: McpServer,
  { tool_configuration: configuration }: JsonObject,
  { betas }: ToolsetContext,
): McpToolset {
  const { enabled, allowed_tools: allowed } = asObject(configuration) ?? {}
  if (!isObject(configuration) && !betas.includes(versionWithoutToolsets)) {
    throw invalidAt(
      server.path,
      `MCP server ${quote(server.name)} is not used by any mcp_toolset in tools; each server needs exactly one`,
    )
  }
  const isEnabled = enabled !== false
  const names = Array.isArray(allowed) ? allowed.filter((name) => typeof name === 'string') : []
  return new McpToolset(server, undefined, {
    default_config: { enabled: isEnabled && !Array.isArray(allowed) },
    configs: Object.fromEntries(names.map((name) => [name, { enabled: isEnabled }])),
  })
}

function quote(name: string): string {
  return JSON.stringify(name.slice(0, 100))
}
