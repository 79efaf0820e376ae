/**
 * The request of `Converse` and `ConverseStream`
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html). Types only;
 * responses are read field by field.
 */
import type { JsonObject } from '../../anthropic/json.ts'

/** A text block. */
export interface TextBlock {
  /** Must not be empty. */
  text: string
}

/** An image block, by bytes as base64. */
export interface ImageBlock {
  image: { format: string; source: { bytes: string } }
}

/** A document block, by bytes as base64. Names must be unique within a request. */
export interface DocumentBlock {
  /** `name`: letters, digits, single spaces and `-()[]`; unique in the request. */
  document: { format: 'pdf'; name: string; source: { bytes: string } }
}

/** A cache point: what precedes it is cached. */
export interface CachePoint {
  /** Caches everything before it. */
  cachePoint: { type: 'default'; ttl?: '1h' }
}

/** The result of a tool use. */
export interface ToolResultBlock {
  toolResult: {
    toolUseId: string
    content: (TextBlock | ImageBlock | DocumentBlock)[]
    status?: 'error'
  }
}

/** A tool use of an earlier answer. */
export interface ToolUseBlock {
  toolUse: { toolUseId: string; name: string; input: JsonObject }
}

/** Reasoning of an earlier answer. */
export interface ReasoningBlock {
  reasoningContent:
    | { reasoningText: { text: string; signature?: string } }
    | { redactedContent: string }
}

/** A block of a user message. */
export type UserBlock = TextBlock | ImageBlock | DocumentBlock | ToolResultBlock | CachePoint

/** A block of an assistant message. */
export type AssistantBlock = TextBlock | ToolUseBlock | ReasoningBlock

/** A block of any message. */
export type MessageBlock = UserBlock | AssistantBlock

/** A message of a conversation. */
export interface ConverseMessage {
  role: 'user' | 'assistant'
  content: MessageBlock[]
}

/** The definition of a tool. */
export interface ToolSpec {
  toolSpec: {
    name: string
    description?: string
    inputSchema: { json: JsonObject }
    strict?: true
  }
}

/** The tools of a request, and the choice among them. */
export interface ToolConfig {
  tools: (ToolSpec | CachePoint)[]
  toolChoice?: { auto: object } | { any: object } | { tool: { name: string } }
}

/** The body of a `Converse` request. */
export interface ConverseRequest {
  messages: ConverseMessage[]
  system?: (TextBlock | CachePoint)[]
  inferenceConfig: {
    maxTokens: number
    temperature?: number
    topP?: number
    stopSequences?: string[]
  }
  toolConfig?: ToolConfig
  outputConfig?: {
    textFormat: {
      type: 'json_schema'
      structure: { jsonSchema: { name: string; schema: string } }
    }
  }
  /** Parameters without a field in Converse, by the vendor's own names. */
  additionalModelRequestFields?: JsonObject
  additionalModelResponseFieldPaths?: string[]
}
