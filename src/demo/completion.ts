/** What the demo says, as chat completions answer it: whole, or in chunks. */
import { pieces } from './speech.ts'
import type { Speech } from './speech.ts'

/** What a completion carries besides the speech. */
export interface Completion {
  id: string
  /** In seconds since 1970. */
  created: number
  model: string
  speech: Speech
  promptTokens: number
  /** The call's id, where there is one. */
  callId: string
}

/** The whole answer. */
export function toCompletion(completion: Completion): object {
  const { speech, callId } = completion
  const call = speech.call && { id: callId, type: 'function', function: speech.call }
  return {
    ...head(completion, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: call === undefined ? speech.text : null,
          refusal: null,
          ...(speech.thinking !== '' && { reasoning_content: speech.thinking }),
          ...(call && { tool_calls: [call] }),
        },
        logprobs: null,
        ...finishOf(speech),
      },
    ],
    usage: usageOf(completion),
  }
}

/** The answer as the chunks of a stream; the last one carries usage where that was asked for. */
export function* toChunks(completion: Completion, includeUsage: boolean): Generator<object> {
  const { speech } = completion
  const shared = head(completion, 'chat.completion.chunk')
  for (const delta of deltas(speech, completion.callId)) {
    yield { ...shared, choices: [{ index: 0, delta, logprobs: null, finish_reason: null }] }
  }
  const last = { index: 0, delta: {}, logprobs: null, ...finishOf(speech) }
  yield { ...shared, choices: [last] }
  if (includeUsage) {
    yield { ...shared, choices: [], usage: usageOf(completion) }
  }
}

function* deltas(speech: Speech, callId: string): Generator<object> {
  yield { role: 'assistant', content: speech.call === undefined ? '' : null }
  for (const piece of pieces(speech.thinking)) {
    yield { reasoning_content: piece }
  }
  for (const piece of pieces(speech.text)) {
    yield { content: piece }
  }
  if (speech.call !== undefined) {
    const { name } = speech.call
    yield {
      tool_calls: [{ index: 0, id: callId, type: 'function', function: { name, arguments: '' } }],
    }
    for (const piece of pieces(speech.call.arguments)) {
      yield { tool_calls: [{ index: 0, function: { arguments: piece } }] }
    }
  }
}

function head({ id, created, model }: Completion, object: string): object {
  return { id, object, created, model }
}

/** OpenAI leaves open which stop sequence ended an answer; vLLM says it in `stop_reason`. */
function finishOf({ finish, sequence }: Speech): object {
  return {
    finish_reason: finish === 'call' ? 'tool_calls' : finish,
    ...(sequence !== undefined && { stop_reason: sequence }),
  }
}

function usageOf({ promptTokens, speech: { tokens } }: Completion): object {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: tokens.output,
    total_tokens: promptTokens + tokens.output,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: tokens.thinking },
  }
}
