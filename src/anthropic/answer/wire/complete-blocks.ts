/** Blocks that are complete when they start, and the model calls that they stand for, in Anthropic's fields. Types only. */
import type { JsonObject } from '../../json.ts'
import type { McpToolListing, ServerResultBlock } from './server-tools.ts'

/** Replaces all that is before it in a conversation. */
export interface CompactionBlock {
  type: 'compaction'
  /** The summary; null if there is none, and then the block has no effect. */
  content: string | null
  /** Opaque to clients, which send it back as received. */
  encrypted_content: string | null
  /** The seal of a block that was asked for by the `compaction` field. */
  signature?: string
  /** Changes of tools in what was summarized: `tool_addition` and `tool_removal` blocks. */
  tool_changes?: readonly JsonObject[]
}

/** A fallback model continues where one has declined. */
export interface FallbackBlock {
  type: 'fallback'
  /** The model that declined: the client's name of the first, the ids of others. */
  from: { model: string }
  to: { model: string }
  trigger: { type: 'refusal'; category: null }
}

/** A block that is complete when it starts. */
export type CompleteBlock = ServerResultBlock | McpToolListing | CompactionBlock | FallbackBlock

/** An entry of `usage.iterations`: a model call that an answer took. */
export interface IterationUsage {
  type: 'message' | 'compaction' | 'advisor_message' | 'fallback_message'
  /** The model, of an advisor and where several models answered. */
  model?: string
  input_tokens: number
  output_tokens: number
  cache_read_input_tokens: number
  cache_creation_input_tokens: number
}
