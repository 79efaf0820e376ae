/** The demo as a chat completions server: the protocol only. */
import * as z from 'zod/mini'

import { estimateText } from '../tokens/estimate.ts'
import { toChunks, toCompletion } from './completion.ts'
import type { Completion } from './completion.ts'
import { answer } from './grammar.ts'
import { chatRequest, promptText, toConversation, toLimits } from './request.ts'
import { newId, refuseBody, toStream } from './serve.ts'
import type { DemoEvent } from './serve.ts'
import { speak } from './speech.ts'

/** Answers `POST /v1/chat/completions`. */
export function answerChat(body: unknown): Response {
  const parsed = z.safeParse(chatRequest, body)
  if (!parsed.success) {
    return refuseBody(parsed.error)
  }
  const request = parsed.data
  const completion: Completion = {
    id: newId('chatcmpl-'),
    created: Math.floor(Date.now() / 1000),
    model: request.model,
    speech: speak(answer(toConversation(request)), toLimits(request)),
    promptTokens: estimateText(promptText(request)),
    callId: newId('call_'),
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
