/** Blocks of compaction, and of hops between models, in Anthropic's fields. Types only. */
import type { JsonObject } from '../json.ts'
import type { ServerResultBlock } from './server-tools.ts'

/** Replaces all that is before it in a conversation. */
export interface CompactionBlock {
  type: 'compaction'
  /** The summary; null if there is none, and then the block has no effect. */
  content: string | null
  /** Opaque to clients, which send it back as received. */
  encrypted_content: string | null
  /** Of a block that was asked for by the `compaction` field: its seal. */
  signature?: string
  /** Changes of tools in what was summarized: `tool_addition` and `tool_removal` blocks. */
  tool_changes?: readonly JsonObject[]
}

/** A block that is complete when it starts. */
export type WholeBlock = ServerResultBlock | CompactionBlock

/** An entry of `usage.iterations`: a model call that an answer took. */
export interface IterationUsage {
  type: 'message' | 'compaction'
  input_tokens: number
  output_tokens: number
  cache_read_input_tokens: number
  cache_creation_input_tokens: number
}
