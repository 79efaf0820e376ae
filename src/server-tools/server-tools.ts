/** The server tools of one request: what is served here, and what each upstream is sent in its place. */
import type { ServerToolRef } from '../anthropic/answer/part.ts'
import type { ServerToolName } from '../anthropic/answer/wire/server-tools.ts'
import type { JsonObject } from '../anthropic/json.ts'
import { asArray } from '../anthropic/json.ts'
import type { Report } from '../anthropic/report.ts'
import type { NativeSearch as ModelSearch } from '../dialects/dialect.ts'
import type { WebSearchOffer } from '../dialects/web-search.ts'
import { forAnthropic } from './history/for-anthropic.ts'
import { forAnyModel } from './history/for-any-model.ts'
import type { McpTools } from './mcp/mcp-tools.ts'
import type { NativeSearch } from './native/native-search.ts'
import type { ServerToolSettings } from './settings.ts'
import type { ServerTool } from './tool.ts'
import type { ClientToolsets } from './toolsets/client-toolsets.ts'
import type { Spent } from './turn-bounds.ts'
import { isOverBounds } from './turn-bounds.ts'
import { isClientToolset, isMcpToolset } from './uses-server-tools.ts'

/** A server tool of the request, with its index in `tools` and the most uses. */
export interface ServedTool {
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
  /** The client's toolsets; undefined where the request has none. */
  toolsets: ClientToolsets | undefined
}

/** The client's request for one model. */
export interface ModelRequest {
  json: JsonObject
  /** The web search that the model's provider runs itself. */
  webSearch: WebSearchOffer | undefined
}

/** The server tools of one request. */
export class ServerTools {
  readonly #served: readonly ServedTool[]
  /** Undefined where providers are not asked to search. */
  readonly native: NativeSearch | undefined

  readonly mcp: McpTools | undefined
  readonly toolsets: ClientToolsets | undefined
  readonly #settings: ServerToolSettings
  readonly #subrequests: () => number

  constructor(
    served: readonly ServedTool[],
    native: NativeSearch | undefined,
    { settings, subrequests, mcp, toolsets }: ServerToolsOptions,
  ) {
    this.#served = served
    this.native = native
    this.mcp = mcp
    this.toolsets = toolsets
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

  /** Whether entries of the client stand for several functions. */
  get addsFunctions(): boolean {
    return this.mcp !== undefined || this.toolsets !== undefined
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
    const isOffered = (index: number): boolean =>
      webSearch === undefined || index !== this.native?.index
    const tools = [
      ...entries.flatMap((entry, index) => (isOffered(index) ? this.#offer(entry, index) : [])),
      ...this.#definitionsAt(undefined),
    ]
    const { messages } = forAnyModel(asArray(json['messages']))
    return {
      json: {
        ...json,
        messages,
        ...(this.isServing || this.addsFunctions ? { tools: this.#select(tools, json) } : {}),
        // A search of the provider's cannot be forced like a function.
        ...(webSearch?.isForced === true ? { tool_choice: undefined } : {}),
      },
      webSearch,
    }
  }

  #withFunctionNames(client: JsonObject): JsonObject {
    const json = this.toolsets?.withFunctionNames(client) ?? client
    return this.mcp === undefined
      ? json
      : { ...json, messages: this.mcp.rename(asArray(json['messages'])) }
  }

  /** What is offered for an entry: itself, or the functions in its place. */
  #offer(entry: unknown, index: number): readonly unknown[] {
    const definitions = this.#definitionsAt(index)
    const isReplaced =
      definitions.length > 0 ||
      (this.mcp !== undefined && isMcpToolset(entry)) ||
      isClientToolset(entry)
    return isReplaced ? definitions : [entry]
  }

  #definitionsAt(index: number | undefined): JsonObject[] {
    const served = this.#served.filter((each) => each.index === index)
    const members = this.toolsets?.definitionsAt(index) ?? []
    return [...served.map(({ tool: { definition } }) => definition), ...members]
  }

  #select(tools: readonly unknown[], json: JsonObject): readonly unknown[] {
    let remaining = tools
    for (const { tool } of this.#served) {
      remaining = tool.select?.(remaining, json) ?? remaining
    }
    return remaining
  }

  /** Reports what {@link forAnyModel} changes. */
  report({ webSearch }: ModelRequest, report: Report): void {
    if (webSearch !== undefined) {
      report.map(webSearch.path, 'native')
    }
    this.mcp?.report(report)
    this.toolsets?.report(report)
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
