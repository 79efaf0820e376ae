/** Token counts: input includes cached tokens, output includes reasoning. */
import type { ReportedUsage } from '../../../anthropic/answer/part.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asCount, asObject, asString } from '../../../anthropic/json.ts'
import { withTier } from '../../shared/answer/billing-terms.ts'
import { asNumber, splitPrompt } from '../../shared/answer/prompt-tokens.ts'

/** Reads the usage of a response; undefined if it has no counts. */
export function findUsage(response: JsonObject): ReportedUsage | undefined {
  const usage = asObject(response['usage'])
  const input = asNumber(usage?.['input_tokens'])
  const output = asNumber(usage?.['output_tokens'])
  if ((input ?? 0) === 0 && (output ?? 0) === 0) {
    return undefined
  }
  const inputDetails = asObject(usage?.['input_tokens_details'])
  const cacheRead = count(inputDetails, 'cached_tokens')
  const cacheWrite = count(inputDetails, 'cache_write_tokens')
  const thinking = count(asObject(usage?.['output_tokens_details']), 'reasoning_tokens')
  const tokens = {
    ...splitPrompt(input, cacheRead, cacheWrite),
    output,
    thinking: Math.min(thinking, output ?? 0),
  }
  return withTier(tokens, asString(response['service_tier']))
}

function count(object: JsonObject | undefined, field: string): number {
  return asCount(object?.[field]) ?? 0
}
