/** Formats output as a chat completion, or as the chunks of a stream. */
import { splitIntoDeltas } from './output.ts'
import type { Output } from './output.ts'

/** A chat completion before formatting. */
export interface Completion {
  id: string
  /** The time in seconds since the epoch. */
  created: number
  model: string
  output: Output
  promptTokens: number
  /** The id of the call, if there is one. */
  callId: string
}

/** Formats a non-streaming completion. */
export function toCompletion(completion: Completion): object {
  const { output, callId } = completion
  const call = output.call && { id: callId, type: 'function', function: output.call }
  return {
    ...head(completion, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: call === undefined ? output.text : null,
          refusal: null,
          ...(output.thinking !== '' && { reasoning_content: output.thinking }),
          ...(call && { tool_calls: [call] }),
        },
        logprobs: null,
        ...finishOf(output),
      },
    ],
    usage: usageOf(completion),
  }
}

/** Formats the chunks of a stream; the last one contains usage if requested. */
export function* toChunks(completion: Completion, includeUsage: boolean): Generator<object> {
  const { output } = completion
  const shared = head(completion, 'chat.completion.chunk')
  for (const delta of deltas(output, completion.callId)) {
    yield { ...shared, choices: [{ index: 0, delta, logprobs: null, finish_reason: null }] }
  }
  const last = { index: 0, delta: {}, logprobs: null, ...finishOf(output) }
  yield { ...shared, choices: [last] }
  if (includeUsage) {
    yield { ...shared, choices: [], usage: usageOf(completion) }
  }
}

function* deltas(output: Output, callId: string): Generator<object> {
  yield { role: 'assistant', content: output.call === undefined ? '' : null }
  for (const piece of splitIntoDeltas(output.thinking)) {
    yield { reasoning_content: piece }
  }
  for (const piece of splitIntoDeltas(output.text)) {
    yield { content: piece }
  }
  if (output.call !== undefined) {
    const { name } = output.call
    yield {
      tool_calls: [{ index: 0, id: callId, type: 'function', function: { name, arguments: '' } }],
    }
    for (const piece of splitIntoDeltas(output.call.arguments)) {
      yield { tool_calls: [{ index: 0, function: { arguments: piece } }] }
    }
  }
}

function head({ id, created, model }: Completion, object: string): object {
  return { id, object, created, model }
}

/** The finish reason; `stop_reason` names the stop sequence, as vLLM does. */
function finishOf({ finish, sequence }: Output): object {
  return {
    finish_reason: finish === 'call' ? 'tool_calls' : finish,
    ...(sequence !== undefined && { stop_reason: sequence }),
  }
}

function usageOf({ promptTokens, output: { tokens } }: Completion): object {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: tokens.output,
    total_tokens: promptTokens + tokens.output,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: tokens.thinking },
  }
}
