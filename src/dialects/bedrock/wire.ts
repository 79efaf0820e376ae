/**
 * The request of `Converse` and `ConverseStream`
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html). Types only;
 * responses are read field by field.
 */
import type { JsonObject } from '../../anthropic/json.ts'

export interface TextBlock {
  /** Must not be empty. */
  text: string
}

export interface ImageBlock {
  image: { format: string; source: { bytes: string } }
}

export interface DocumentBlock {
  /** `name`: letters, digits, single spaces and `-()[]`; unique in the request. */
  document: { format: 'pdf'; name: string; source: { bytes: string } }
}

export interface CachePoint {
  /** Caches everything before it. */
  cachePoint: { type: 'default'; ttl?: '1h' }
}

export interface ToolResultBlock {
  toolResult: {
    toolUseId: string
    content: (TextBlock | ImageBlock | DocumentBlock)[]
    status?: 'error'
  }
}

export interface ToolUseBlock {
  toolUse: { toolUseId: string; name: string; input: JsonObject }
}

export interface ReasoningBlock {
  reasoningContent:
    | { reasoningText: { text: string; signature?: string } }
    | { redactedContent: string }
}

export type UserBlock = TextBlock | ImageBlock | DocumentBlock | ToolResultBlock | CachePoint

export type AssistantBlock = TextBlock | ToolUseBlock | ReasoningBlock

export type ConverseMessage =
  | { role: 'user'; content: UserBlock[] }
  | { role: 'assistant'; content: AssistantBlock[] }

export interface ToolSpec {
  toolSpec: {
    name: string
    description?: string
    inputSchema: { json: JsonObject }
    strict?: true
  }
}

export interface ToolConfig {
  tools: (ToolSpec | CachePoint)[]
  toolChoice?: { auto: object } | { any: object } | { tool: { name: string } }
}

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
