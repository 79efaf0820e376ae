/** Blocks of tools that run at the server, in Anthropic's fields. Types only. */
import type { JsonObject } from '../../json.ts'

/** The name of a tool that runs at the server, as `server_tool_use` blocks have it. */
export type ServerToolName =
  | 'advisor'
  | 'web_search'
  | 'web_fetch'
  | 'tool_search_tool_regex'
  | 'tool_search_tool_bm25'

/** The result of a call; its content is an error where the tool failed. */
export type ServerResultBlock =
  | {
      type: 'web_search_tool_result'
      tool_use_id: string
      content: WebSearchResult[] | ErrorOf<'web_search_tool_result_error', WebSearchError>
    }
  | {
      type: 'web_fetch_tool_result'
      tool_use_id: string
      content: WebFetchResult | ErrorOf<'web_fetch_tool_result_error', WebFetchError>
    }
  | {
      type: 'tool_search_tool_result'
      tool_use_id: string
      content:
        | {
            type: 'tool_search_tool_search_result'
            tool_references: { type: 'tool_reference'; tool_name: string }[]
          }
        | (ErrorOf<'tool_search_tool_result_error', ToolSearchError> & {
            error_message: string | null
          })
    }
  | {
      type: 'advisor_tool_result'
      tool_use_id: string
      content: AdvisorResult | ErrorOf<'advisor_tool_result_error', AdvisorError>
    }
  | McpToolResult

/** The result of a call of a tool of an MCP server. */
export interface McpToolResult {
  type: 'mcp_tool_result'
  tool_use_id: string
  is_error: boolean
  content: { type: 'text'; text: string }[]
}

/** The tools of an MCP server. A client that sends the block back has them reused. */
export interface McpToolListing {
  type: 'mcp_tool_listing'
  mcp_server_name: string
  tools: McpListedTool[]
}

/** A tool, as its server lists it. */
export interface McpListedTool {
  name: string
  description?: string
  input_schema: JsonObject
}

/** One page that a web search found. `encrypted_content` is opaque to the client, which sends it back. */
export interface WebSearchResult {
  type: 'web_search_result'
  url: string
  title: string
  /** Opaque to clients, which send it back as received. */
  encrypted_content: string
  /** The age of the page in the source's own format; null if unknown. */
  page_age: string | null
}

/** The content of one fetched page, as a document. */
export interface WebFetchResult {
  type: 'web_fetch_result'
  url: string
  /** ISO 8601. */
  retrieved_at: string | null
  content: {
    type: 'document'
    source:
      | { type: 'text'; media_type: 'text/plain'; data: string }
      | { type: 'base64'; media_type: 'application/pdf'; data: string }
    title: string | null
    /** Left out where they are off, as Anthropic's servers do. */
    citations?: { enabled: boolean }
  }
}

/** The advice of another model, as text. */
export interface AdvisorResult {
  type: 'advisor_result'
  text: string
  /** Why the advisor's answer ended, as `stop_reason` of a message. */
  stop_reason: string | null
}

interface ErrorOf<Type extends string, Code extends string> {
  type: Type
  error_code: Code
}

/** A value of `error_code` in the result of a web search. */
export type WebSearchError =
  | 'invalid_tool_input'
  | 'unavailable'
  | 'max_uses_exceeded'
  | 'too_many_requests'
  | 'query_too_long'
  | 'request_too_large'

/** A value of `error_code` in the result of a web fetch. */
export type WebFetchError =
  | 'invalid_tool_input'
  | 'url_too_long'
  | 'url_not_allowed'
  | 'url_not_in_prior_context'
  | 'url_not_accessible'
  | 'unsupported_content_type'
  | 'too_many_requests'
  | 'max_uses_exceeded'
  | 'unavailable'
  | 'content_too_large'

/** A value of `error_code` in the result of a tool search. */
export type ToolSearchError =
  | 'invalid_tool_input'
  | 'unavailable'
  | 'too_many_requests'
  | 'execution_time_exceeded'

/** A value of `error_code` in the result of the advisor. */
export type AdvisorError =
  | 'max_uses_exceeded'
  | 'prompt_too_long'
  | 'too_many_requests'
  | 'overloaded'
  | 'unavailable'
  | 'execution_time_exceeded'
  | 'model_not_found'

/** The part of the usage that counts runs of these tools. */
export interface ServerUsage {
  server_tool_use?: { web_search_requests: number; web_fetch_requests: number }
}
