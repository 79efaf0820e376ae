/** Classifies finish reasons, also unknown ones, which providers add faster than they document them. */
import type { StopReason } from '../../../anthropic/answer/wire/message.ts'

/** The meaning of a finish reason by a table; that of one which is not in it by its wording. */
export function toReason(
  word: string,
  reasons: Readonly<Record<string, StopReason | 'failure'>>,
): StopReason | 'failure' {
  return (Object.hasOwn(reasons, word) ? reasons[word] : undefined) ?? classifyReason(word)
}

/**
 * Classifies a finish reason by its wording; `failure`: the provider failed, or the model stopped
 * without finishing.
 */
export function classifyReason(word: string): StopReason | 'failure' {
  const found = meanings.find(([pattern]) => pattern.test(word))
  return found?.[1] ?? 'end_turn'
}

/** The patterns in order of precedence. */
const meanings: readonly [RegExp, StopReason | 'failure'][] = [
  [/context/i, 'model_context_window_exceeded'],
  [/length|max|token|budget|continu|incomplete|truncat|partial/i, 'max_tokens'],
  [
    /filter|safety|polic|refus|moderat|guardrail|prohibit|blocked|blocklist|recitation|sensitive|escalat/i,
    'refusal',
  ],
  [
    /error|fail|abort|cancel|timeout|timed_out|interrupt|terminat|disabled|limited|malformed|unexpected|invalid|overload|unavailable|exception|disconnect|preempt|evict|shutdown|crash|killed|lost/i,
    'failure',
  ],
]
