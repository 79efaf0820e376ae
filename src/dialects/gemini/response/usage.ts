/**
 * Token counts: the prompt includes cached tokens, candidates exclude reasoning, and input of
 * Google's own tools is reported separately.
 */
import type { BillingTerms, ReportedUsage } from '../../../anthropic/answer/part.ts'
import { isCount } from '../../../anthropic/answer/usage-meter.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asCount, asString } from '../../../anthropic/json.ts'
import { asNumber, splitPrompt } from '../../shared/answer/prompt-tokens.ts'

/**
 * Converts usage; undefined if it has no counts (Vertex AI sends `{ trafficType }` until the last
 * chunk). A missing prompt count is derived from the total, if possible.
 */
export function toTokenUsage(usage: JsonObject | undefined): ReportedUsage | undefined {
  if (usage === undefined) {
    return undefined
  }
  const thinking = asCount(usage['thoughtsTokenCount']) ?? 0
  const output = plus(asNumber(usage['candidatesTokenCount']) ?? 0, thinking)
  const prompt = findPrompt(usage, output)
  if (prompt === undefined && output === 0) {
    return undefined
  }
  const cacheRead = asCount(usage['cachedContentTokenCount']) ?? 0
  const toolPrompt = asCount(usage['toolUsePromptTokenCount']) ?? 0
  const { input } = splitPrompt(prompt, cacheRead, 0)
  return {
    input: input === undefined ? undefined : plus(input, toolPrompt),
    output,
    cacheRead,
    cacheWrite: 0,
    thinking,
    ...toTerms(usage),
  }
}

/** A sum of counts; an invalid number is returned unchanged. */
function plus(reported: number, count: number): number {
  return isCount(reported) ? reported + count : reported
}

/**
 * Vertex reports the kind of traffic
 * (https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/GenerateContentResponse#TrafficType),
 * the Gemini API the tier (https://ai.google.dev/gemini-api/docs/optimization).
 */
function toTerms(usage: JsonObject): { terms?: BillingTerms } {
  const kind = asString(usage['trafficType'])?.replace(/^ON_DEMAND_?/, '')
  const tier = asString(usage['serviceTier'])?.replace(/^SERVICE_TIER_/, '') ?? kind
  return tier === undefined || tier === '' ? {} : { terms: { service_tier: tier.toLowerCase() } }
}

function findPrompt(usage: JsonObject, output: number): number | undefined {
  const total = asCount(usage['totalTokenCount'])
  const rest = total === undefined || output === 0 ? undefined : Math.max(0, total - output)
  return asNumber(usage['promptTokenCount']) ?? rest
}
