/**
 * Token counts: the prompt includes what was cached, candidates leave out thoughts, and what Google's
 * own tools read into the prompt is counted apart.
 */
import type { ReportedUsage } from '../../../anthropic/answer/part.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asCount } from '../../../anthropic/json.ts'
import { splitPrompt } from '../../shared/answer/prompt-tokens.ts'

/**
 * Undefined where nothing is counted: Vertex sends `{ trafficType }` until the last chunk. The prompt may
 * be left out: then it is what the total has beyond the rest, or unknown.
 */
export function toTokenUsage(usage: JsonObject | undefined): ReportedUsage | undefined {
  if (usage === undefined) {
    return undefined
  }
  const thinking = asCount(usage['thoughtsTokenCount']) ?? 0
  const output = (asCount(usage['candidatesTokenCount']) ?? 0) + thinking
  const prompt = findPrompt(usage, output)
  if (prompt === undefined && output === 0) {
    return undefined
  }
  const cacheRead = asCount(usage['cachedContentTokenCount']) ?? 0
  const toolPrompt = asCount(usage['toolUsePromptTokenCount']) ?? 0
  const { input } = splitPrompt(prompt ?? 0, cacheRead, 0)
  return {
    input: prompt === undefined ? undefined : input + toolPrompt,
    output,
    cacheRead,
    cacheWrite: 0,
    thinking,
  }
}

function findPrompt(usage: JsonObject, output: number): number | undefined {
  const total = asCount(usage['totalTokenCount'])
  const rest = total === undefined || output === 0 ? undefined : Math.max(0, total - output)
  return asCount(usage['promptTokenCount']) ?? rest
}
