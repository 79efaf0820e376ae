/**
 * Parts: an upstream's answer in the gateway's own terms. Every dialect reads its upstream into parts, and one
 * writer turns parts into Anthropic's events, so that blocks are opened, numbered and closed in one
 * place.
 *
 * A dialect emits `start` once, with the first proof that the upstream accepted the request; then the
 * content, in the order in which it came; then exactly one `stop` or `failure`.
 */
import type { Failure } from '../error.ts'
import type { Citation } from './citation.ts'
import type { StopReason } from './message.ts'
import type { ServerResultBlock, ServerToolName, ServerUsage } from './server-tools.ts'

export type Part =
  /** The upstream accepted the request. Carries no content. */
  | { type: 'start' }
  | { type: 'text-delta'; text: string }
  /**
   * The text so far is a whole: what follows is a block of its own. Left out where an upstream mixes
   * text and thinking without saying where either ends.
   */
  | { type: 'text-end' }
  | { type: 'thinking-delta'; text: string }
  /**
   * Ends the thinking block that is open, or stands alone where there was no thinking text.
   * `signature` is what the client must send back (see signature.ts).
   */
  | { type: 'signature'; signature: string }
  /** What the text so far rests on; it belongs to the text block that is open. */
  | { type: 'citation'; citation: Citation }
  | ToolStart
  /** A piece of a call's arguments; the pieces of one call concatenate to one JSON object. */
  | { type: 'tool-delta'; call: number; json: string }
  /** A call's arguments are complete. May be left out: `stop` ends every call. */
  | { type: 'tool-end'; call: number }
  /** The result of a tool that did not run at the client: a block of its own, whole. */
  | { type: 'block'; block: ServerResultBlock }
  /** The answer is complete. */
  | {
      type: 'stop'
      /** `end_turn` and `tool_use` are settled by the writer: tool calls decide, not the upstream's word. */
      reason: StopReason
      /** The stop sequence that matched, where the upstream reports it. */
      sequence?: string | undefined
      /** Why the model refused, where the upstream reports it. */
      explanation?: string | undefined
      /** Absent where the upstream reported none: the gateway then answers with its estimate. */
      usage?: ReportedUsage | undefined
      /** What ran besides the model; absent where no such tool was on offer. */
      serverUsage?: ServerUsage | undefined
    }
  /** The upstream failed. Nothing follows. */
  | { type: 'failure'; failure: Failure }

/**
 * A tool call begins. `call` is any number that is the call's own within this answer. `isServer`: the tool
 * does not run at the client, which receives its result too, as a `block`.
 */
export type ToolStart =
  | { type: 'tool-start'; call: number; id: string; name: string; isServer?: false }
  | { type: 'tool-start'; call: number; id: string; name: ServerToolName; isServer: true }

/** Tokens as an upstream counted them, normalized: `input` leaves out cached ones, `output` includes thinking. */
export interface TokenUsage {
  input: number
  output: number
  cacheRead: number
  /** All writes; `cacheWrite1h` of them are for one hour, and are priced differently. */
  cacheWrite: number
  cacheWrite1h?: number
  thinking: number
  /** Searches that the upstream made, which are billed by the request. */
  webSearches?: number
}

/** Tokens as an upstream reported them; `input` is undefined where it counted the output alone. */
export interface ReportedUsage extends Omit<TokenUsage, 'input'> {
  input: number | undefined
}
