/** The server tools of one request: what is served here, and what each upstream is sent in its place. */
import type { ServerToolRef } from '../anthropic/answer/part.ts'
import type { ServerToolName } from '../anthropic/answer/wire/server-tools.ts'
import { GatewayError } from '../anthropic/error.ts'
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, asCount, asObject, asString, isObject } from '../anthropic/json.ts'
import type { Report } from '../anthropic/report.ts'
import type { NativeSearch as ModelSearch } from '../dialects/dialect.ts'
import type { WebSearchOffer } from '../dialects/web-search.ts'
import { searchBackEnds } from './back-ends/index.ts'
import { forAnthropic } from './history/for-anthropic.ts'
import { forAnyModel } from './history/for-any-model.ts'
import type { McpContext, McpTools } from './mcp/mcp-tools.ts'
import { NativeSearch } from './native/native-search.ts'
import { WebSearch } from './search/web-search.ts'
import type { ServerToolSettings, ToolSearchSettings } from './settings.ts'
import type { ServerTool, ToolServices } from './tool.ts'
import type { Spent } from './turn-bounds.ts'
import { isOverBounds } from './turn-bounds.ts'
import { isMcpToolset, namesMcpServers } from './uses-server-tools.ts'

interface ServedTool {
  tool: ServerTool
  /** The tool as the client sees it. */
  ref: ServerToolRef
  /** The index of the client's entry; undefined where it has none. */
  index: number | undefined
  maxUses: number
}

interface ServerToolsOptions {
  settings: ServerToolSettings
  /** How many requests the tools have made. */
  subrequests: () => number
  /** The tools of MCP servers; undefined where none are named, or they are not connected. */
  mcp: McpTools | undefined
}

/** The client's request for one model. */
export interface ModelRequest {
  json: JsonObject
  /** The web search that the model's provider runs itself. */
  webSearch: WebSearchOffer | undefined
}

export class ServerTools {
  readonly #served: readonly ServedTool[]
  /** Undefined where providers are not asked to search. */
  readonly native: NativeSearch | undefined

  readonly mcp: McpTools | undefined
  readonly #settings: ServerToolSettings
  readonly #subrequests: () => number

  constructor(
    served: readonly ServedTool[],
    native: NativeSearch | undefined,
    { settings, subrequests, mcp }: ServerToolsOptions,
  ) {
    this.#served = served
    this.native = native
    this.mcp = mcp
    this.#settings = settings
    this.#subrequests = subrequests
  }

  /** Whether the answer must pause. `spent`: without the requests of tools. */
  isOver({ subrequests, ...spent }: Spent): boolean {
    return isOverBounds(
      { ...spent, subrequests: subrequests + this.#subrequests() },
      this.#settings,
    )
  }

  /** Whether any tool runs here, or a provider is asked to search. */
  get isServing(): boolean {
    return this.#served.length > 0 || this.native !== undefined || this.mcp !== undefined
  }

  find(name: string): ServedTool | undefined {
    return this.#served.find(({ tool }) => tool.name === name)
  }

  /** The client's request for a model that knows no server tools. `search`: the model's own, if it has one. */
  forAnyModel(client: JsonObject, search: ModelSearch | undefined): ModelRequest {
    const json = this.#withFunctionNames(client)
    const entries = asArray(json['tools'])
    const hasFunctions = entries.length > 1
    const webSearch = this.native?.offer(json, { search, hasFunctions })
    const isLeft = (index: number): boolean =>
      webSearch === undefined || index !== this.native?.index
    const tools = [
      ...entries.flatMap((entry, index) => (isLeft(index) ? this.#offer(entry, index) : [])),
      ...this.#definitionsAt(undefined),
    ]
    const { messages } = forAnyModel(asArray(json['messages']))
    return {
      json: {
        ...json,
        messages,
        ...(this.isServing ? { tools: this.#select(tools, json) } : {}),
        // A search of the provider's cannot be forced like a function.
        ...(webSearch?.isForced === true ? { tool_choice: undefined } : {}),
      },
      webSearch,
    }
  }

  #withFunctionNames(json: JsonObject): JsonObject {
    return this.mcp === undefined
      ? json
      : { ...json, messages: this.mcp.rename(asArray(json['messages'])) }
  }

  /** What is offered for an entry: itself, or the functions in its place. */
  #offer(entry: unknown, index: number): readonly unknown[] {
    const definitions = this.#definitionsAt(index)
    const isReplaced = definitions.length > 0 || (this.mcp !== undefined && isMcpToolset(entry))
    return isReplaced ? definitions : [entry]
  }

  #definitionsAt(index: number | undefined): JsonObject[] {
    return this.#served
      .filter((served) => served.index === index)
      .map(({ tool: { definition } }) => definition)
  }

  #select(tools: readonly unknown[], json: JsonObject): readonly unknown[] {
    let left = tools
    for (const { tool } of this.#served) {
      left = tool.select?.(left, json) ?? left
    }
    return left
  }

  /** Reports what {@link forAnyModel} changes. */
  report({ webSearch }: ModelRequest, report: Report): void {
    if (webSearch !== undefined) {
      report.map(webSearch.path, 'native')
    }
    this.mcp?.report(report)
    for (const { tool, index } of this.#served) {
      if (index !== undefined && `tools.${index}` !== webSearch?.path) {
        tool.report(`tools.${index}`, report)
      }
    }
  }

  /** The client's request for Anthropic's own servers; the same object where nothing changes. */
  forAnthropic(json: JsonObject): JsonObject {
    const messages = asArray(json['messages'])
    const readable = forAnthropic(messages, json['tools'])
    return readable === messages ? json : { ...json, messages: readable }
  }
}

export interface LoadOptions {
  /** Of the model. */
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
  const searched = [...entries, ...ofServers.map(({ tool: { definition } }) => definition)]
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
  })
}

/** Undefined for a request without MCP servers. */
async function loadMcp(
  json: JsonObject,
  {
    settings: { mcp = {} },
    ...rest
  }: Required<Pick<LoadOptions, 'services'>> & {
    settings: ServerToolSettings
    context: McpContext
  },
): Promise<McpTools | undefined> {
  if (!namesMcpServers(json)) {
    return undefined
  }
  if (mcp === false) {
    throw new GatewayError({
      kind: 'invalid_request',
      message: 'mcp_servers: the MCP connector is switched off for this model.',
      path: 'mcp_servers',
    })
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

/** The name, if it is one of a server tool. */
export function toServerToolName(name: string): ServerToolName | undefined {
  return names.find((known) => known === name)
}

const names: readonly ServerToolName[] = [
  'web_search',
  'web_fetch',
  'advisor',
  'tool_search_tool_bm25',
  'tool_search_tool_regex',
]
