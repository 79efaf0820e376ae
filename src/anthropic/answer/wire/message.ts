/** The gateway's responses: a message, and the events of its stream. Types only. */
import type { Citation } from './citation.ts'
import type { IterationUsage, CompleteBlock } from './complete-blocks.ts'
import type { ContextManagement } from './context-management.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { SafeguardResult } from './safeguard-results.ts'
import type { ServerToolName, ServerUsage } from './server-tools.ts'

/** A value of `stop_reason` (https://docs.claude.com/en/api/handling-stop-reasons). */
export type StopReason =
  | 'end_turn'
  | 'max_tokens'
  | 'stop_sequence'
  | 'tool_use'
  | 'pause_turn'
  | 'compaction'
  | 'refusal'
  | 'model_context_window_exceeded'

/** What served an answer, where its request asked for any of it. */
export interface ServiceUsage {
  service_tier?: string
  speed?: string
  /** Null where that is not known. */
  inference_geo?: string | null
}

/** Usage in tokens. `input_tokens` excludes tokens read from or written to a cache. */
export interface Usage extends ServerUsage, ServiceUsage {
  input_tokens: number
  output_tokens: number
  cache_creation_input_tokens: number
  cache_read_input_tokens: number
  /** Thinking tokens are also part of `output_tokens`. */
  output_tokens_details?: { thinking_tokens: number }
  /** The model calls of the answer, where it took more than the requested model's. */
  iterations?: readonly IterationUsage[]
}

/** The `stop_details` of a message that a model declined. */
export interface StopDetails {
  type: 'refusal'
  category: null
  explanation: string | null
}

/** A call of a member of a client's toolset. */
export interface ToolsetCall {
  name: string
  /** The family, such as `computer`. */
  toolset_name: string
}

/**
 * `citations` is omitted if there are none: `null` makes @ai-sdk/anthropic 3.x throw. So is
 * `caller`, for the same reason.
 */
export type AnswerBlock =
  | { type: 'text'; text: string; citations?: Citation[] }
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'tool_use'; id: string; name: string; input: unknown; toolset_name?: string }
  | { type: 'server_tool_use'; id: string; name: ServerToolName; input: unknown }
  | { type: 'mcp_tool_use'; id: string; name: string; input: unknown; server_name: string }
  | CompleteBlock

/** A message as the client receives it (https://docs.claude.com/en/api/messages). */
export interface Message {
  id: string
  type: 'message'
  role: 'assistant'
  model: string
  content: AnswerBlock[]
  stop_reason: StopReason | null
  stop_sequence: string | null
  stop_details?: StopDetails | null
  safeguard_results?: readonly SafeguardResult[]
  usage: Usage
  context_management?: ContextManagement
  diagnostics?: Diagnostics | null
}

/** The `delta` of a `content_block_delta` event. */
export type Delta =
  | { type: 'text_delta'; text: string }
  | { type: 'thinking_delta'; thinking: string }
  | { type: 'signature_delta'; signature: string }
  | { type: 'input_json_delta'; partial_json: string }
  | { type: 'citations_delta'; citation: Citation }
  | { type: 'compaction_delta'; content: string | null; encrypted_content: string | null }

/** An event of a streamed message (https://docs.claude.com/en/docs/build-with-claude/streaming). */
export type StreamEvent =
  | { type: 'message_start'; message: Message }
  | { type: 'content_block_start'; index: number; content_block: AnswerBlock }
  | { type: 'content_block_delta'; index: number; delta: Delta }
  | { type: 'content_block_stop'; index: number }
  | {
      type: 'message_delta'
      delta: {
        stop_reason: StopReason
        stop_sequence: string | null
        stop_details?: StopDetails | null
        safeguard_results?: readonly SafeguardResult[]
      }
      usage: Usage
      context_management?: ContextManagement
    }
  | { type: 'message_stop' }
  | { type: 'ping' }
  | {
      type: 'error'
      error: { type: string; message: string; details?: Record<string, unknown> }
      request_id: string | null
    }
