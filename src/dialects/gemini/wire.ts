/**
 * The request of `generateContent` (https://ai.google.dev/api/generate-content). Types only;
 * responses are read field by field.
 */
import type { JsonObject } from '../../anthropic/json.ts'

export interface Blob {
  inlineData: { mimeType: string; data: string }
}

export interface FileReference {
  fileData: { mimeType: string; fileUri: string }
}

export interface FunctionCallPart {
  functionCall: { id?: string; name: string; args: JsonObject }
  thoughtSignature?: string
}

export interface FunctionResponsePart {
  functionResponse: {
    id?: string
    name: string
    response: { output: string } | { error: string }
    parts?: Blob[]
  }
}

export interface TextPart {
  text: string
  /** The text is a thought. */
  thought?: true
  thoughtSignature?: string
}

export type UserPart = TextPart | Blob | FileReference | FunctionResponsePart

export type ModelPart = TextPart | FunctionCallPart

export type GeminiContent =
  | { role: 'user'; parts: UserPart[] }
  | { role: 'model'; parts: ModelPart[] }

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

export interface GenerateRequest {
  systemInstruction?: { parts: TextPart[] }
  contents: GeminiContent[]
  /** Others than functions run at Google: `googleSearch`. */
  tools?: ({ functionDeclarations: FunctionDeclaration[] } | JsonObject)[]
  toolConfig?: ToolConfig
  generationConfig?: GenerationConfig
}
