/** Token counts. `inputTokens` excludes tokens that were read from the cache or written to it. */
import type { ReportedUsage } from '../../../anthropic/answer/part.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asCount, asObject, asString, isObject } from '../../../anthropic/json.ts'
import { withTier } from '../../shared/answer/billing-terms.ts'
import { asNumber } from '../../shared/answer/prompt-tokens.ts'

/** Converts the usage of a response, or of a `metadata` event; undefined if it counts nothing. */
export function findUsage(response: JsonObject): ReportedUsage | undefined {
  const usage = asObject(response['usage'])
  const input = asNumber(usage?.['inputTokens'])
  const output = asNumber(usage?.['outputTokens'])
  if (usage === undefined || (input === undefined && output === undefined)) {
    return undefined
  }
  const tokens = {
    input,
    output,
    cacheRead: asCount(usage['cacheReadInputTokens']) ?? 0,
    cacheWrite: asCount(usage['cacheWriteInputTokens']) ?? 0,
    cacheWrite1h: countHourlyWrites(usage['cacheDetails']),
    // Included in the output, and not reported separately.
    thinking: 0,
  }
  return withTier(tokens, asString(asObject(response['serviceTier'])?.['type']))
}

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CacheDetail.html */
function countHourlyWrites(details: unknown): number {
  const hourly = asArray(details)
    .filter(isObject)
    .filter(({ ttl }) => ttl === '1h')
  return hourly.reduce((sum, { inputTokens }) => sum + (asCount(inputTokens) ?? 0), 0)
}
