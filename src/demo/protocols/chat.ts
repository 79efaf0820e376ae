/** The demo's Chat Completions endpoint. */
import { estimateText } from '../../tokens/estimate.ts'
import { answerValid, newId, toStream } from '../http-response.ts'
import type { DemoEvent } from '../http-response.ts'
import { answer } from '../model/demo-model.ts'
import { toChunks, toCompletion } from './chat-completion.ts'
import type { Completion } from './chat-completion.ts'
import type { ChatRequest } from './chat-request.ts'
import { chatRequest, promptText, toConversation, toLimits } from './chat-request.ts'
import { toOutput } from './output.ts'

/** Answers `POST /v1/chat/completions`. */
export function answerChat(body: unknown): Response {
  return answerValid(chatRequest, body, answerRequest)
}

function answerRequest(request: ChatRequest): Response {
  const completion: Completion = {
    id: newId('chatcmpl-'),
    created: Math.floor(Date.now() / 1000),
    model: request.model,
    output: toOutput(answer(toConversation(request)), toLimits(request)),
    promptTokens: estimateText(promptText(request)),
    newCallId: () => newId('call_'),
  }
  return request.stream === true
    ? toStream(toEvents(completion, request.stream_options?.include_usage === true))
    : Response.json(toCompletion(completion))
}

function* toEvents(completion: Completion, includeUsage: boolean): Generator<DemoEvent> {
  for (const chunk of toChunks(completion, includeUsage)) {
    yield { data: JSON.stringify(chunk) }
  }
  yield { data: '[DONE]' }
}
