/** The server tools of one request: what is served here, and what each upstream is sent in its place. */
import type { ServerToolName } from '../anthropic/answer/wire/server-tools.ts'
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, asCount, asObject, asString, isObject } from '../anthropic/json.ts'
import type { Report } from '../anthropic/report.ts'
import type { NativeSearch as ModelSearch } from '../dialects/dialect.ts'
import type { WebSearchOffer } from '../dialects/web-search.ts'
import { searchBackEnds } from './back-ends/index.ts'
import { forAnthropic } from './history/for-anthropic.ts'
import { forAnyModel } from './history/for-any-model.ts'
import { NativeSearch } from './native/native-search.ts'
import { WebSearch } from './search/web-search.ts'
import type { ServerToolSettings, ToolSearchSettings } from './settings.ts'
import type { ServerTool, ToolServices } from './tool.ts'
import type { Spent } from './turn-bounds.ts'
import { isOverBounds } from './turn-bounds.ts'

interface ServedTool {
  tool: ServerTool
  /** The index of the client's entry. */
  index: number
  maxUses: number
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

  readonly #settings: ServerToolSettings
  readonly #subrequests: () => number

  /** `subrequests`: how many requests the tools have made. */
  constructor(
    served: readonly ServedTool[],
    native: NativeSearch | undefined,
    { settings, subrequests }: { settings: ServerToolSettings; subrequests: () => number },
  ) {
    this.#served = served
    this.native = native
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
    return this.#served.length > 0 || this.native !== undefined
  }

  find(name: string): ServedTool | undefined {
    return this.#served.find(({ tool }) => tool.name === name)
  }

  /** The client's request for a model that knows no server tools. `search`: the model's own, if it has one. */
  forAnyModel(json: JsonObject, search: ModelSearch | undefined): ModelRequest {
    const entries = asArray(json['tools'])
    const hasFunctions = entries.length > 1
    const webSearch = this.native?.offer(json, { search, hasFunctions })
    const isLeft = (index: number): boolean =>
      webSearch === undefined || index !== this.native?.index
    const tools = entries
      .map((entry, index) => this.#servedAt(index)?.tool.definition ?? entry)
      .filter((_, index) => isLeft(index))
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

  #servedAt(index: number): ServedTool | undefined {
    return this.#served.find((served) => served.index === index)
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
    for (const { tool, index } of this.#served) {
      if (`tools.${index}` !== webSearch?.path) {
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

/**
 * Finds the tools of a request that the operator's settings cover. Throws a GatewayError
 * `invalid_request` for entries that are contradictory.
 */
export async function loadServerTools(
  { tools }: JsonObject,
  settings: ServerToolSettings | undefined,
  services: ToolServices,
): Promise<ServerTools> {
  let subrequests = 0
  const counting: ToolServices = {
    ...services,
    fetch: (url, init) => {
      subrequests += 1
      return services.fetch(url, init)
    },
  }
  const served = await Promise.all(
    asArray(tools).map(async (tool, index): Promise<ServedTool[]> => {
      const found = isObject(tool)
        ? ((await load(tool, `tools.${index}`, settings ?? {}, counting)) ??
          (await loadToolSearch(tool, tools, settings?.tool_search)))
        : undefined
      return found === undefined ? [] : [{ tool: found, index, maxUses: readMaxUses(tool) }]
    }),
  )
  return new ServerTools(served.flat(), findNative(tools, settings), {
    settings: settings ?? {},
    subrequests: () => subrequests,
  })
}

function findNative(
  tools: unknown,
  settings: ServerToolSettings | undefined,
): NativeSearch | undefined {
  const entries = settings?.native_search === true ? asArray(tools) : []
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
  { web_search: searchSettings, web_fetch: fetchSettings }: ServerToolSettings,
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
  'tool_search_tool_bm25',
  'tool_search_tool_regex',
]
