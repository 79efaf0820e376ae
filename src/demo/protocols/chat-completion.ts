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
  /** Creates the id of a call. */
  newCallId: () => string
}

/** Formats a non-streaming completion. */
export function toCompletion(completion: Completion): object {
  const { output, newCallId } = completion
  const calls = output.calls.map((call) => ({
    id: newCallId(),
    type: 'function',
    function: call,
  }))
  return {
    ...head(completion, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: calls.length === 0 ? output.text : null,
          refusal: null,
          ...(output.thinking !== '' && { reasoning_content: output.thinking }),
          ...(calls.length > 0 && { tool_calls: calls }),
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
  for (const delta of deltas(output, completion.newCallId)) {
    yield { ...shared, choices: [{ index: 0, delta, logprobs: null, finish_reason: null }] }
  }
  const last = { index: 0, delta: {}, logprobs: null, ...finishOf(output) }
  yield { ...shared, choices: [last] }
  if (includeUsage) {
    yield { ...shared, choices: [], usage: usageOf(completion) }
  }
}

function* deltas(output: Output, newCallId: () => string): Generator<object> {
  yield { role: 'assistant', content: output.calls.length === 0 ? '' : null }
  for (const piece of splitIntoDeltas(output.thinking)) {
    yield { reasoning_content: piece }
  }
  for (const piece of splitIntoDeltas(output.text)) {
    yield { content: piece }
  }
  for (const [index, { name, arguments: written }] of output.calls.entries()) {
    const started = { name, arguments: '' }
    yield { tool_calls: [{ index, id: newCallId(), type: 'function', function: started }] }
    for (const piece of splitIntoDeltas(written)) {
      yield { tool_calls: [{ index, function: { arguments: piece } }] }
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
