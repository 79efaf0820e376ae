/** Compile-time proof: what we send upstream is what OpenAI documents. Nothing here runs. */
import type { Responses } from 'openai/resources/responses/responses'

import type {
  FunctionCall,
  FunctionCallOutput,
  FunctionTool,
  FunctionToolChoice,
  InputItem,
  InputMessage,
  OutputMessage,
  Reasoning,
  ResponsesRequest,
  TextFormat,
} from '../../src/dialects/openai-responses/wire.ts'

/** Compiles only where every `Sub` is a `Super`. */
type Assert<Sub extends Super, Super> = Sub

/** The SDK wants an id where the API does without: nothing is stored that it could name. */
type WithId<Item> = Item extends Reasoning ? Item & { id: string } : Item

type Sent = Omit<ResponsesRequest, 'input'> & { input: WithId<InputItem>[] }

export type Proofs = [
  Assert<Sent, Responses.ResponseCreateParams>,
  Assert<Sent & { stream: true }, Responses.ResponseCreateParamsStreaming>,
  Assert<WithId<Reasoning>, Responses.ResponseReasoningItem>,
  Assert<InputMessage, Responses.ResponseInputItem>,
  Assert<OutputMessage, Responses.ResponseOutputMessage>,
  Assert<FunctionCall, Responses.ResponseFunctionToolCall>,
  Assert<FunctionCallOutput, Responses.ResponseInputItem.FunctionCallOutput>,
  Assert<FunctionTool, Responses.FunctionTool>,
  Assert<FunctionToolChoice, NonNullable<Responses.ResponseCreateParams['tool_choice']>>,
  Assert<TextFormat, Responses.ResponseFormatTextConfig>,
]
