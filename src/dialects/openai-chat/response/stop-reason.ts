/** Maps `finish_reason` to why the answer ended. Some values mean a failure. */
import type { StopReason } from '../../../anthropic/answer/wire/message.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asString } from '../../../anthropic/json.ts'
import { classifyReason } from '../../shared/answer/unknown-reason.ts'

/** The end of an answer: a stop reason of Anthropic's, or a failure with the upstream's own word for it. */
export type Finish =
  | { reason: StopReason; sequence?: string }
  /** The provider failed: for lack of capacity, or for another reason. */
  | { failure: 'overloaded' | 'failed'; word: string }

const finishes: Record<string, Finish> = {
  stop: { reason: 'end_turn' },
  // Older Together.
  eos: { reason: 'end_turn' },
  end: { reason: 'end_turn' },
  end_turn: { reason: 'end_turn' },
  completed: { reason: 'end_turn' },
  stop_sequence: { reason: 'stop_sequence' },
  tool_calls: { reason: 'tool_use' },
  // Azure's DeepSeek.
  tool_call: { reason: 'tool_use' },
  function_call: { reason: 'tool_use' },
  tool_use: { reason: 'tool_use' },
  pause_turn: { reason: 'pause_turn' },
  length: { reason: 'max_tokens' },
  max_tokens: { reason: 'max_tokens' },
  max_output_tokens: { reason: 'max_tokens' },
  // Mistral.
  model_length: { reason: 'model_context_window_exceeded' },
  // Z.ai.
  model_context_window_exceeded: { reason: 'model_context_window_exceeded' },
  content_filter: { reason: 'refusal' },
  content_filtered: { reason: 'refusal' },
  guardrail_intervened: { reason: 'refusal' },
  refusal: { reason: 'refusal' },
  // Z.ai.
  sensitive: { reason: 'refusal' },
  // Gemini's, passed on by routers.
  safety: { reason: 'refusal' },
  recitation: { reason: 'refusal' },
  blocklist: { reason: 'refusal' },
  prohibited_content: { reason: 'refusal' },
  spii: { reason: 'refusal' },
  model_armor: { reason: 'refusal' },
  malformed_function_call: { failure: 'failed', word: 'malformed_function_call' },
  unexpected_tool_call: { failure: 'failed', word: 'unexpected_tool_call' },
  // In capitals it is Gemini's; routers send a lowercase `other` for unknown reasons.
  OTHER: { failure: 'failed', word: 'OTHER' },
  // OpenRouter.
  error: { failure: 'failed', word: 'error' },
  // vLLM, for a request that it aborted.
  abort: { failure: 'failed', word: 'abort' },
  // Z.ai.
  network_error: { failure: 'overloaded', word: 'network_error' },
  // DeepSeek.
  insufficient_system_resource: { failure: 'overloaded', word: 'insufficient_system_resource' },
}

/** Finish reasons by precedence, lowest first: providers send several that may differ. */
const strengths: readonly string[] = [
  'end_turn',
  'tool_use',
  'stop_sequence',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
  'max_tokens',
]

/** Classifies the finish reason of a choice; undefined if it has none. */
export function readFinish(choice: JsonObject): Finish | undefined {
  const word = asString(choice['finish_reason'])
  if (word === undefined || word === '' || word === 'null') {
    return undefined
  }
  const finish = withNative(toFinish(word), asString(choice['native_finish_reason']))
  const sequence = readSequence(choice)
  const isPlainEnd = 'reason' in finish && finish.reason === 'end_turn'
  return isPlainEnd && sequence !== undefined ? { reason: 'stop_sequence', sequence } : finish
}

/** The one of an answer's two finish reasons that takes precedence. */
export function strongerFinish(before: Finish | undefined, after: Finish): Finish {
  return before !== undefined && strength(before) > strength(after) ? before : after
}

/** The stop sequence that matched: vLLM's `stop_reason`, SGLang's `matched_stop`. Numbers are token ids. */
function readSequence(choice: JsonObject): string | undefined {
  const text = asString(choice['stop_reason']) ?? asString(choice['matched_stop'])
  // Other servers have a finish reason there.
  const isWord = text === '' || Object.hasOwn(finishes, text ?? '')
  return isWord ? undefined : text
}

function toFinish(word: string): Finish {
  const key = Object.hasOwn(finishes, word) ? word : word.toLowerCase()
  const known = Object.hasOwn(finishes, key) ? finishes[key] : undefined
  if (known !== undefined) {
    return known
  }
  const reason = classifyReason(word)
  return reason === 'failure' ? { failure: 'failed', word } : { reason }
}

/**
 * Refines a finish by the model's native reason, since OpenRouter's own may hide that the answer
 * was truncated (https://openrouter.ai/docs/api-reference/overview). Otherwise OpenRouter's own
 * applies.
 */
function withNative(finish: Finish, word: string | undefined): Finish {
  const native = word === undefined ? undefined : toFinish(word)
  const isTruncated = native !== undefined && 'reason' in native && truncations.has(native.reason)
  return isTruncated ? strongerFinish(finish, native) : finish
}

const truncations = new Set<StopReason>(['max_tokens', 'model_context_window_exceeded'])

function strength(finish: Finish): number {
  return 'failure' in finish ? strengths.length : strengths.indexOf(finish.reason)
}
