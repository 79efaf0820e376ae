/** Token counts. The input leaves out what was read from the cache and what was written to it. */
import type { TokenUsage } from '../../../anthropic/answer/part.ts'
import { asCount, asObject } from '../../../anthropic/json.ts'

/** Undefined where the prompt is not counted. */
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
    // Counted with the output, and not apart.
    thinking: 0,
  }
}
