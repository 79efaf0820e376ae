/** Compile-time proof: what we send upstream is what OpenAI documents. Nothing here runs. */
import type OpenAI from 'openai'

import type { ChatMessage, ChatRequest, ChatTool } from '../../src/dialects/openai-chat/wire.ts'

/** Compiles only where every `Sub` is a `Super`. */
type Assert<Sub extends Super, Super> = Sub

export type Proofs = [
  Assert<ChatRequest, OpenAI.ChatCompletionCreateParams>,
  Assert<ChatRequest & { stream: true }, OpenAI.ChatCompletionCreateParamsStreaming>,
  Assert<ChatMessage, OpenAI.ChatCompletionMessageParam>,
  Assert<ChatTool, OpenAI.ChatCompletionTool>,
  Assert<NonNullable<ChatRequest['tool_choice']>, OpenAI.ChatCompletionToolChoiceOption>,
]
