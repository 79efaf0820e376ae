/** Finds the tools of a request that run here, and loads their code only then. */
import { invalidAt } from '../anthropic/error.ts'
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, asCount, asObject, asString, isObject } from '../anthropic/json.ts'
import { searchBackEnds } from './back-ends/index.ts'
import type { McpContext, McpTools } from './mcp/mcp-tools.ts'
import { NativeSearch } from './native/native-search.ts'
import { WebSearch } from './search/web-search.ts'
import type { ServedTool } from './server-tools.ts'
import { ServerTools, toServerToolName } from './server-tools.ts'
import type { ServerToolSettings, ToolSearchSettings } from './settings.ts'
import type { ServerTool, ToolServices } from './tool.ts'
import { namesMcpServers, usesToolsets } from './uses-server-tools.ts'

/** The settings and services with which the server tools of a request are loaded. */
export interface LoadOptions {
  /** The settings of the model. */
  settings: ServerToolSettings | undefined
  services: ToolServices
  /** What MCP servers are asked with; undefined where they are not to be connected. */
  mcp: McpContext | undefined
}

/**
 * Finds the tools of a request that the operator's settings cover. Throws a GatewayError
 * `invalid_request` for entries that are contradictory, and for MCP servers that do not answer.
 */
export async function loadServerTools(
  json: JsonObject,
  { settings = {}, services, mcp: context }: LoadOptions,
): Promise<ServerTools> {
  let subrequests = 0
  const counting: ToolServices = {
    ...services,
    fetch: (url, init) => {
      subrequests += 1
      return services.fetch(url, init)
    },
  }
  const entries = asArray(json['tools'])
  const mcp = context && (await loadMcp(json, { settings, services: counting, context }))
  const ofServers = (mcp?.tools ?? []).map(({ tool, index }): ServedTool => ({
    tool,
    ref: tool.ref,
    index,
    maxUses: Infinity,
  }))
  const toolsets = usesToolsets(json)
    ? new (await import('./toolsets/client-toolsets.ts')).ClientToolsets(entries)
    : undefined
  const searched = [
    ...entries,
    ...ofServers.map(({ tool: { definition } }) => definition),
    ...(toolsets?.definitions ?? []),
  ]
  const own = await Promise.all(
    entries.map(async (entry, index): Promise<ServedTool[]> => {
      const tool = isObject(entry)
        ? ((await load(entry, `tools.${index}`, settings, counting)) ??
          (await loadToolSearch(entry, searched, settings.tool_search)))
        : undefined
      const name = tool && toServerToolName(tool.name)
      return tool === undefined || name === undefined
        ? []
        : [{ tool, ref: { name }, index, maxUses: readMaxUses(entry) }]
    }),
  )
  return new ServerTools([...own.flat(), ...ofServers], findNative(entries, settings), {
    settings,
    subrequests: () => subrequests,
    mcp,
    toolsets,
  })
}

interface McpLoadOptions {
  settings: ServerToolSettings
  services: ToolServices
  context: McpContext
}

/** Undefined for a request without MCP servers. */
async function loadMcp(
  json: JsonObject,
  { settings: { mcp = {} }, ...rest }: McpLoadOptions,
): Promise<McpTools | undefined> {
  if (!namesMcpServers(json)) {
    return undefined
  }
  if (mcp === false) {
    throw invalidAt('mcp_servers', 'the MCP connector is disabled for this model.')
  }
  const { connectMcp } = await import('./mcp/mcp-tools.ts')
  return connectMcp(json, { settings: mcp, ...rest })
}

function findNative(
  tools: readonly unknown[],
  settings: ServerToolSettings,
): NativeSearch | undefined {
  const entries = settings.native_search === true ? tools : []
  const index = entries.findIndex(isWebSearch)
  const tool = asObject(entries[index])
  return tool && new NativeSearch(tool, index)
}

function isWebSearch(tool: unknown): boolean {
  return asString(asObject(tool)?.['type'])?.startsWith('web_search_') === true
}

/** Undefined for tools that are not served here. */
async function load(
  tool: JsonObject,
  path: string,
  { web_search: searchSettings, web_fetch: fetchSettings, advisor }: ServerToolSettings,
  services: ToolServices,
): Promise<ServerTool | undefined> {
  const type = asString(tool['type']) ?? ''
  if (searchSettings !== undefined && isWebSearch(tool)) {
    const backEnd = await searchBackEnds[searchSettings.back_end]?.()
    return backEnd && new WebSearch({ tool, path }, { backEnd, settings: searchSettings }, services)
  }
  if (fetchSettings !== undefined && type.startsWith('web_fetch_')) {
    const [{ WebFetch }, { findPages }] = await Promise.all([
      import('./fetch/web-fetch.ts'),
      import('./fetch/pages.ts'),
    ])
    const pages = await findPages(fetchSettings, services)
    return pages && new WebFetch({ tool, path }, { pages, settings: fetchSettings }, services)
  }
  if (advisor !== false && type.startsWith('advisor_')) {
    const { Advisor } = await import('./advisor/advisor.ts')
    return new Advisor({ tool, path })
  }
  return undefined
}

/** Deferred tools from which a search pays: below, they are all loaded. */
const defaultMinTools = 30

async function loadToolSearch(
  entry: JsonObject,
  tools: unknown,
  settings: ToolSearchSettings | false | undefined,
): Promise<ServerTool | undefined> {
  const type = asString(entry['type']) ?? ''
  const name = toServerToolName(type.replace(/_\d{8}$/, ''))
  if (name !== 'tool_search_tool_bm25' && name !== 'tool_search_tool_regex') {
    return undefined
  }
  const [{ ToolSearch }, { listDeferred }] = await Promise.all([
    import('./tool-search/tool-search.ts'),
    import('./tool-search/deferred-tools.ts'),
  ])
  const deferred = listDeferred(tools)
  const min = (settings === false ? Infinity : settings?.min_tools) ?? defaultMinTools
  return deferred.length < min ? undefined : new ToolSearch(name, deferred, entry)
}

function readMaxUses(tool: unknown): number {
  return (isObject(tool) ? asCount(tool['max_uses']) : undefined) ?? Infinity
}
