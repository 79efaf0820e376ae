/**
 * The request of `POST /responses`
 * (https://platform.openai.com/docs/api-reference/responses/create), checked against OpenAI's SDK
 * in test/types. Types only; responses are read field by field.
 */
import type { JsonObject } from '../../anthropic/json.ts'
import type { Phase } from './reasoning.ts'

interface InputText {
  type: 'input_text'
  text: string
}

interface InputImage {
  type: 'input_image'
  /** A URL, or a data URL. */
  image_url: string
  detail: 'auto'
}

type InputFile =
  /** `file_data` is a data URL. */
  | { type: 'input_file'; filename: string; file_data: string }
  | { type: 'input_file'; file_url: string }

/** A part of a user message. */
export type InputPart = InputText | InputImage | InputFile

/** An input message. An assistant's content can only be text here. */
export type InputMessage =
  | { type: 'message'; role: 'user' | 'system' | 'developer'; content: InputPart[] }
  | { type: 'message'; role: 'assistant'; content: string; phase?: Phase }

/** A message that the API returned, sent back. */
export interface OutputMessage {
  type: 'message'
  id: string
  role: 'assistant'
  status: 'completed'
  content: { type: 'output_text'; text: string; annotations: never[] }[]
  phase?: Phase
}

/** A function call of an earlier answer, with its arguments as JSON. */
export interface FunctionCall {
  type: 'function_call'
  id?: string
  call_id: string
  name: string
  /** The arguments: a JSON object as text. */
  arguments: string
  status?: 'completed'
}

/** The result of a function call. */
export interface FunctionCallOutput {
  type: 'function_call_output'
  call_id: string
  output: string | InputPart[]
}

/**
 * A reasoning item; other fields are returned as received. `id` is required in the SDK, but not by
 * the API without `store`.
 */
export interface Reasoning {
  type: 'reasoning'
  id?: string
  summary: { type: 'summary_text'; text: string }[]
  content?: { type: 'reasoning_text'; text: string }[]
  encrypted_content?: string
}

/** An item of the conversation. */
export type InputItem = InputMessage | OutputMessage | FunctionCall | FunctionCallOutput | Reasoning

/** The definition of a function. */
export interface FunctionTool {
  type: 'function'
  name: string
  description?: string
  parameters: JsonObject
  /** Whether the schema is enforced; the API's default is true. */
  strict: boolean
}

/** The choice among the tools. */
export type FunctionToolChoice = 'auto' | 'none' | 'required' | { type: 'function'; name: string }

/** The format that the output must have. */
export type TextFormat =
  | { type: 'json_object' }
  | { type: 'json_schema'; name: string; schema: JsonObject; strict: boolean }

/** The body of a Responses request. */
export interface ResponsesRequest {
  model: string
  input: InputItem[]
  instructions?: string
  tools?: FunctionTool[]
  tool_choice?: FunctionToolChoice
  parallel_tool_calls?: boolean
  text?: { format: TextFormat }
  max_output_tokens: number
  temperature?: number
  top_p?: number
  service_tier?: 'auto' | 'default' | 'flex' | 'priority'
  include?: 'reasoning.encrypted_content'[]
  store?: false
  stream?: boolean
}

/** A request with vendors' extensions. */
export interface VendorRequest extends Omit<ResponsesRequest, 'tools' | 'include'> {
  /** Others than functions run at the provider: web search. */
  tools?: (FunctionTool | JsonObject)[]
  include?: string[]
  /** An extension (vLLM, OpenRouter). */
  top_k?: number
}
