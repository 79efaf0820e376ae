/**
 * Token counts: the prompt includes what was cached, candidates leave out thoughts, and what Google's
 * own tools read into the prompt is counted apart.
 */
import type { TokenUsage } from '../../../anthropic/answer/part.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asCount } from '../../../anthropic/json.ts'

/** Undefined where the prompt is not counted: Vertex sends `{ trafficType }` until the last chunk. */
export function toTokenUsage(usage: JsonObject | undefined): TokenUsage | undefined {
  const prompt = asCount(usage?.['promptTokenCount'])
  if (usage === undefined || prompt === undefined) {
    return undefined
  }
  const cacheRead = asCount(usage['cachedContentTokenCount']) ?? 0
  const toolPrompt = asCount(usage['toolUsePromptTokenCount']) ?? 0
  const thinking = asCount(usage['thoughtsTokenCount']) ?? 0
  return {
    input: Math.max(0, prompt - cacheRead) + toolPrompt,
    output: (asCount(usage['candidatesTokenCount']) ?? 0) + thinking,
    cacheRead,
    cacheWrite: 0,
    thinking,
  }
}
