/** Token counts: the input includes cached tokens, the output includes reasoning. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asCount, asObject } from '../../anthropic/json.ts'
import type { TokenUsage } from '../../anthropic/part.ts'

/** The usage of a response; undefined where it counts nothing. */
export function findUsage(response: JsonObject): TokenUsage | undefined {
  const usage = asObject(response['usage'])
  const input = asCount(usage?.['input_tokens'])
  const output = asCount(usage?.['output_tokens'])
  if (usage === undefined || (!input && !output)) {
    return undefined
  }
  const inputDetails = asObject(usage['input_tokens_details'])
  const cacheRead = asCount(inputDetails?.['cached_tokens']) ?? 0
  const cacheWrite = asCount(inputDetails?.['cache_write_tokens']) ?? 0
  const reasoning = asCount(asObject(usage['output_tokens_details'])?.['reasoning_tokens']) ?? 0
  return {
    input: Math.max(0, (input ?? 0) - cacheRead - cacheWrite),
    output: output ?? 0,
    cacheRead,
    cacheWrite,
    thinking: Math.min(reasoning, output ?? 0),
  }
}
