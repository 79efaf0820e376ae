/** Classifies unknown finish reasons, which providers add faster than they document them. */
import type { StopReason } from '../../../anthropic/answer/wire/message.ts'

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
