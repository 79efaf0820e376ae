/** A tool that the gateway runs instead of Anthropic's servers. Types only. */
import type { ServerResultBlock } from '../anthropic/answer/wire/server-tools.ts'
import type { Failure } from '../anthropic/error.ts'
import type { JsonObject } from '../anthropic/json.ts'
import type { Report } from '../anthropic/report.ts'
import type { Fetch } from '../platform/fetch.ts'

/** What tools need of the gateway. */
export interface ToolServices {
  fetch: Fetch
  /** Epoch milliseconds. */
  now: () => number
  /** A Worker secret by name. */
  secret: (name: string) => string | undefined
  /** Hosts of the gateway itself and of its providers, which no tool may call. */
  ownHosts: ReadonlySet<string>
  /** A binding by name. */
  binding: (name: string) => unknown
}

/** A call of a model. */
export interface ServerCall {
  /** `srvtoolu_…`, or `mcptoolu_…` of a tool of an MCP server. */
  id: string
  /** The name by which the model calls the tool. */
  name: string
  /** The arguments as the model wrote them: JSON in most cases. */
  json: string
}

/**
 * Asks a model of the catalog, for which the client's key pays. `question`: the body of a Messages request that is
 * not streamed. Resolves to the whole message, or to why there is none.
 */
export type AskModel = (
  question: JsonObject,
) => Promise<{ message: JsonObject } | { failure: Failure }>

/** What a run depends on besides its call. */
export interface RunContext {
  /** Aborts when the client disconnects, or the time for all tools is over. */
  signal: AbortSignal
  ask: AskModel
  /** The client's request. */
  json: JsonObject
  /** The client's messages, with all that the answer has so far. */
  messages: readonly unknown[]
}

/** How a run ended. */
export interface Run {
  block: ServerResultBlock
  /** What it is billed as; undefined for a run that costs nothing. */
  billed: 'web_search' | 'web_fetch' | undefined
  /** Why it failed, for the log; nothing of the query is in it. */
  failed: string | undefined
}

/** Why a call is not run. */
export type RefusalReason =
  | 'max_uses_exceeded'
  | 'too_many_requests'
  | 'invalid_tool_input'
  | 'unavailable'

/** A tool that the gateway runs: its definition for the model, its price, and its run. */
export interface ServerTool {
  readonly name: string
  /** The entry of `tools` in place of the client's: a function that any model understands. */
  readonly definition: JsonObject
  /** USD per 1,000 runs. */
  readonly price: number
  /** Reports fields of the client's entry that are served differently. `path`: of the entry. */
  report: (path: string, report: Report) => void
  /** The tools to offer besides; undefined for a tool that changes nothing of them. */
  select: ((tools: readonly unknown[], json: JsonObject) => readonly unknown[]) | undefined
  /** Never throws: what fails is an error in the result. */
  run: (call: ServerCall, context: RunContext) => Promise<Run>
  /** The result of a call that is not run. */
  refuse: (call: ServerCall, reason: RefusalReason) => ServerResultBlock
}
