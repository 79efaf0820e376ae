/**
 * The request of `generateContent` (https://ai.google.dev/api/generate-content). Types only;
 * responses are read field by field.
 */
import type { JsonObject } from '../../anthropic/json.ts'

/** Inline data, as base64. */
export interface Blob {
  inlineData: { mimeType: string; data: string }
}

/** Data by URI. */
export interface FileReference {
  fileData: { mimeType: string; fileUri: string }
}

/** A function call of an earlier answer. */
export interface FunctionCallPart {
  functionCall: { id?: string; name: string; args: JsonObject }
  thoughtSignature?: string
}

/** The result of a function call. */
export interface FunctionResponsePart {
  functionResponse: {
    id?: string
    name: string
    response: { output: string } | { error: string }
    parts?: Blob[]
  }
}

/** Text, or with `thought` a summary of reasoning. */
export interface TextPart {
  text: string
  /** The text is a thought. */
  thought?: true
  thoughtSignature?: string
}

/** A part of user content. */
export type UserPart = TextPart | Blob | FileReference | FunctionResponsePart

/** A part of model content. */
export type ModelPart = TextPart | FunctionCallPart

/** One turn of a conversation. */
export interface GeminiContent {
  role: 'user' | 'model'
  parts: (UserPart | ModelPart)[]
}

/**
 * A function with one of `parameters` and `parametersJsonSchema`, or neither if it has no
 * arguments.
 */
export interface FunctionDeclaration {
  name: string
  description?: string
  parameters?: JsonObject
  parametersJsonSchema?: JsonObject
}

/** The mode of function calling, and the functions that are allowed. */
export interface ToolConfig {
  functionCallingConfig: { mode: 'AUTO' | 'ANY' | 'NONE'; allowedFunctionNames?: string[] }
}

/**
 * Thinking with a level or a budget; Gemini rejects both together. A budget of -1 means that the
 * model decides.
 */
export interface ThinkingConfig {
  includeThoughts?: boolean
  thinkingLevel?: string
  thinkingBudget?: number
}

/** The parameters of generation. */
export interface GenerationConfig {
  maxOutputTokens?: number
  temperature?: number
  topP?: number
  topK?: number
  stopSequences?: string[]
  responseMimeType?: 'application/json'
  responseSchema?: JsonObject
  responseJsonSchema?: JsonObject
  thinkingConfig?: ThinkingConfig
}

/** The body of a `generateContent` request. */
export interface GenerateRequest {
  systemInstruction?: { parts: TextPart[] }
  contents: GeminiContent[]
  /** Others than functions run at Google: `googleSearch`. */
  tools?: ({ functionDeclarations: FunctionDeclaration[] } | JsonObject)[]
  toolConfig?: ToolConfig
  generationConfig?: GenerationConfig
}
