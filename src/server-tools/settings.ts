/** What an operator sets for server tools, as the catalog has it. Types only. */

/** The settings of all server tools. */
export interface ServerToolSettings {
  /** The search that is used where the model's provider does not search itself. */
  web_search?: WebSearchSettings | undefined
  /** Whether the model's provider is to search itself. */
  native_search?: boolean | undefined
  web_fetch?: WebFetchSettings | undefined
  /** False where deferred tools are always loaded. */
  tool_search?: ToolSearchSettings | false | undefined
  /** False where requests that name MCP servers are refused. */
  mcp?: McpSettings | false | undefined
  /** False where models get no advisor. */
  advisor?: boolean | undefined
  /** The seconds after which an answer pauses instead of another model call. */
  max_seconds?: number | undefined
  max_subrequests?: number | undefined
}

/** The settings of tool search. */
export interface ToolSearchSettings {
  /** Deferred tools from which they are searched. */
  min_tools?: number | undefined
}

/** The settings of MCP servers. */
export interface McpSettings {
  /** The only servers that clients may name, by origin; undefined for all public ones. */
  origins?: readonly string[] | undefined
}

/** The settings of a back end; a price is in US dollars per 1,000 requests. */
export interface BackEndSettings {
  back_end: string
  base_url?: string | undefined
  /** Name of a Worker secret; null where none is needed. */
  secret?: string | null | undefined
  /** USD per 1,000 requests. */
  price?: number | undefined
  max_characters?: number | undefined
}

/** The settings of web search. */
export interface WebSearchSettings extends BackEndSettings {
  max_results?: number | undefined
}

/** The settings of web fetch. */
export interface WebFetchSettings extends BackEndSettings {
  max_bytes?: number | undefined
  robots?: boolean | undefined
}
