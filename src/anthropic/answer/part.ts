/**
 * Parts: an upstream's answer in the gateway's own terms. Every dialect reads its upstream into
 * parts, and one writer converts parts to Anthropic's events, so that blocks are opened, numbered
 * and closed in one place.
 *
 * A dialect emits `start` once, when the upstream has accepted the request; then the content, in
 * the order received; then exactly one `stop` or `failure`. `usage` may come at any time.
 */
import type { Failure } from '../error.ts'
import type { Citation } from './wire/citation.ts'
import type { IterationUsage, CompleteBlock } from './wire/complete-blocks.ts'
import type { StopReason } from './wire/message.ts'
import type { SafeguardResult } from './wire/safeguard-results.ts'
import type { ServerToolName, ServerUsage } from './wire/server-tools.ts'

/**
 * A unit of an upstream's response in the gateway's own terms. An answer is a sequence of parts that begins
 * with `start` and ends with a stop or a failure.
 */
export type Part =
  /** The upstream accepted the request. Has no content. */
  | { type: 'start' }
  | { type: 'text-delta'; text: string }
  /**
   * The text so far is complete: text that follows is a block of its own. Omitted if an upstream
   * mixes text and thinking without marking the end of either.
   */
  | { type: 'text-end' }
  | { type: 'thinking-delta'; text: string }
  /**
   * Ends the open thinking block, or is a block of its own if there was no thinking text.
   * `signature` is what the client must send back (see signature.ts).
   */
  | { type: 'signature'; signature: string }
  /** The source of a text: that of the block that is open, or of the one that begins with it. */
  | { type: 'citation'; citation: Citation }
  | ToolStart
  /** A delta of a call's arguments; the deltas of one call concatenate to one JSON object. */
  | { type: 'tool-delta'; call: number; json: string }
  /** A call's arguments are complete. May be omitted: `stop` ends every call. */
  | { type: 'tool-end'; call: number }
  /**
   * A block of its own that is complete at once, such as the result of a tool that did not run at the client.
   * `isNumbered`: the model cites its entries by their numbers, from 1, in brackets.
   */
  | { type: 'block'; block: CompleteBlock; isNumbered?: true }
  /**
   * What the upstream has counted so far, of the prompt and of the content until here. Each replaces the
   * one before. No proof of anything: an upstream may count a request that it then refuses.
   */
  | { type: 'usage'; usage: ReportedUsage }
  /** The answer is complete. */
  | {
      type: 'stop'
      /**
       * The stop reason; the writer corrects `end_turn` and `tool_use` by whether there are tool
       * calls.
       */
      reason: StopReason
      /** The stop sequence that matched, if the upstream reports it. */
      sequence?: string | undefined
      /** Why the model refused, if the upstream reports it. */
      explanation?: string | undefined
      /**
       * The usage of the complete answer. Absent if the upstream reported none: what no `usage`
       * part has counted is then estimated.
       */
      usage?: ReportedUsage | undefined
      /** What ran besides the model; absent where no such tool was on offer. */
      serverUsage?: ServerUsage | undefined
      /** All model calls of the answer, where it took others than the requested model's. */
      iterations?: readonly IterationUsage[] | undefined
      /** Absent if the client did not request a check of the tool calls. */
      safeguardResults?: readonly SafeguardResult[] | undefined
    }
  /** The upstream failed. Nothing follows. */
  | { type: 'failure'; failure: Failure }

/**
 * A tool call begins. `call` is a number that is unique within the answer. `isServer`: the tool
 * does not run at the client, which receives its result too, as a `block`. `mcpServer`: the MCP server whose
 * tool it is.
 */
export type ToolStart =
  | { type: 'tool-start'; call: number; id: string; name: string; isServer?: false }
  | ({ type: 'tool-start'; call: number; id: string; isServer: true } & ServerToolRef)

/** A tool that does not run at the client, as the client sees it: one of Anthropic's, or of an MCP server. */
export type ServerToolRef =
  | { name: ServerToolName; mcpServer?: undefined }
  | { name: string; mcpServer: string }

/** The values in a provider's usage that affect the price, such as `speed: "fast"`. */
export interface BillingTerms {
  speed?: string | undefined
  inference_geo?: string | undefined
  service_tier?: string | undefined
}

/**
 * Tokens as the upstream counted them, normalized: `input` excludes cached ones, `output` includes
 * thinking.
 */
export interface TokenUsage {
  input: number
  output: number
  cacheRead: number
  /** All cache writes; `cacheWrite1h` of them are for one hour, and have another price. */
  cacheWrite: number
  cacheWrite1h?: number
  thinking: number
  /** Web searches by the upstream, which are billed per search. */
  webSearches?: number
  terms?: BillingTerms | undefined
}

/**
 * Tokens as the upstream reported them. `input` and `output` are undefined if it did not report them,
 * and may be numbers that no count can be.
 */
export interface ReportedUsage extends Omit<TokenUsage, 'input' | 'output'> {
  input: number | undefined
  output: number | undefined
  /** The part that models other than the requested one used, which have prices of their own. */
  otherModels?: readonly { model: string; usage: TokenUsage }[] | undefined
}
