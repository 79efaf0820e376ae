/**
 * The request of `POST /chat/completions`. Types only; responses are read field by field.
 *
 * Types without `Vendor` in their name are what OpenAI documents
 * (https://platform.openai.com/docs/api-reference/chat/create), and are checked against its SDK in
 * test/types. Vendors' extensions are separate types, or fields that OpenAI does not have.
 */
import type { JsonObject } from '../../anthropic/json.ts'
import type { CacheControl } from '../shared/conversation/cache-control.ts'

// Requests.

interface Cacheable {
  /** An extension (OpenRouter, Alibaba, MiniMax). */
  cache_control?: CacheControl
}

/** A text part. */
export interface TextPart extends Cacheable {
  type: 'text'
  text: string
}

interface ImagePart extends Cacheable {
  type: 'image_url'
  /** A URL, or a data URL. */
  image_url: { url: string }
}

interface FilePart extends Cacheable {
  type: 'file'
  /** `file_data` is a data URL; OpenRouter also accepts http URLs. */
  file: { filename: string; file_data: string }
}

/** A part of a user message. */
export type ChatPart = TextPart | ImagePart | FilePart

/** A tool call of an earlier answer, with its arguments as JSON. */
export interface ToolCall {
  id: string
  type: 'function'
  /** `arguments` is the JSON of an object. */
  function: { name: string; arguments: string }
}

interface SystemMessage {
  role: 'system' | 'developer'
  content: string | TextPart[]
}

interface UserMessage {
  role: 'user'
  content: string | ChatPart[]
}

/** A message of the assistant. */
export interface AssistantMessage {
  role: 'assistant'
  content: string | TextPart[] | null
  tool_calls?: ToolCall[]
}

interface ToolMessage {
  role: 'tool'
  tool_call_id: string
  content: string | TextPart[]
  /** An extension (Gemini requires it, Mistral accepts it). */
  name?: string
}

/** A message of a conversation, as OpenAI documents it. */
export type ChatMessage = SystemMessage | UserMessage | AssistantMessage | ToolMessage

/** A PDF as Mistral accepts it. */
export interface VendorDocumentPart extends Cacheable {
  type: 'document_url'
  /** A URL, or a data URL. */
  document_url: string
  document_name?: string
}

/** A reasoning part of the content: Mistral's form, Databricks' form. */
export type VendorThinkingPart =
  | { type: 'thinking'; thinking: TextPart[] }
  | { type: 'reasoning'; summary: { type: 'summary_text'; text: string; signature?: string }[] }

/** A part of a user message, as vendors extend it. */
export type UserPart = ChatPart | VendorDocumentPart

/** A message of a conversation, as vendors extend it. */
export type VendorMessage =
  | { role: 'user'; content: string | UserPart[] }
  | { role: 'tool'; tool_call_id: string; content: string | UserPart[]; name?: string }
  | {
      role: 'assistant'
      content: string | (TextPart | VendorThinkingPart)[] | null
      tool_calls?: ToolCall[]
    }

/** The definition of a function. */
export interface ChatTool {
  type: 'function'
  function: { name: string; description?: string; parameters: JsonObject; strict?: boolean }
}

type ChatToolChoice =
  | 'auto'
  | 'none'
  | 'required'
  | { type: 'function'; function: { name: string } }

type ResponseFormat =
  | { type: 'json_object' }
  | { type: 'json_schema'; json_schema: { name: string; schema: JsonObject; strict?: boolean } }

/** Sampling, output limit and other parameters besides the conversation. */
export interface ChatParameters {
  max_tokens?: number
  max_completion_tokens?: number
  temperature?: number
  top_p?: number
  /** An extension (vLLM, OpenRouter). */
  top_k?: number
  stop?: string[]
  stream?: boolean
  stream_options?: { include_usage: boolean }
}

/** The body of a chat completion, as OpenAI documents it. */
export interface ChatRequest extends ChatParameters {
  model: string
  messages: ChatMessage[]
  tools?: ChatTool[]
  tool_choice?: ChatToolChoice
  parallel_tool_calls?: boolean
  response_format?: ResponseFormat
}

/** A request with vendors' extensions. */
export interface VendorRequest extends Omit<ChatRequest, 'messages' | 'tools' | 'tool_choice'> {
  messages: (ChatMessage | VendorMessage)[]
  /** Others than functions run at the provider: web search. */
  tools?: (ChatTool | JsonObject)[]
  /** `any` is the value of Mistral and Fireworks for `required`. */
  tool_choice?: ChatToolChoice | 'any'
}
