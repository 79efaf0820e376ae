/**
 * Token counts: the prompt includes cached tokens, candidates exclude thoughts, and input of
 * Google's own tools is reported separately.
 */
import type { ReportedUsage } from '../../../anthropic/answer/part.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asCount } from '../../../anthropic/json.ts'
import { splitPrompt } from '../../shared/answer/prompt-tokens.ts'

/**
 * Converts usage; undefined if it has no counts (Vertex AI sends `{ trafficType }` until the last
 * chunk). A missing prompt count is derived from the total, if possible.
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
