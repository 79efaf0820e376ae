/** Token counts. `inputTokens` excludes tokens that were read from the cache or written to it. */
import type { TokenUsage } from '../../../anthropic/answer/part.ts'
import { asCount, asObject } from '../../../anthropic/json.ts'

/** Converts Converse's usage; undefined if it lacks the prompt's tokens. */
export function toTokenUsage(value: unknown): TokenUsage | undefined {
  const usage = asObject(value)
  const input = asCount(usage?.['inputTokens'])
  if (usage === undefined || input === undefined) {
    return undefined
  }
  return {
    input,
    output: asCount(usage['outputTokens']) ?? 0,
    cacheRead: asCount(usage['cacheReadInputTokens']) ?? 0,
    cacheWrite: asCount(usage['cacheWriteInputTokens']) ?? 0,
    // Included in the output, and not reported separately.
    thinking: 0,
  }
}
