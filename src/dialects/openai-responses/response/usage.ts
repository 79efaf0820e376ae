/** Token counts: input includes cached tokens, output includes reasoning. */
import type { TokenUsage } from '../../../anthropic/answer/part.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asCount, asObject } from '../../../anthropic/json.ts'
import { splitPrompt } from '../../shared/answer/prompt-tokens.ts'

/** Reads the usage of a response; undefined if it has no counts. */
export function findUsage(response: JsonObject): TokenUsage | undefined {
  const usage = asObject(response['usage'])
  const input = count(usage, 'input_tokens')
  const output = count(usage, 'output_tokens')
  if (input === 0 && output === 0) {
    return undefined
  }
  const inputDetails = asObject(usage?.['input_tokens_details'])
  const cacheRead = count(inputDetails, 'cached_tokens')
  const cacheWrite = count(inputDetails, 'cache_write_tokens')
  const thinking = count(asObject(usage?.['output_tokens_details']), 'reasoning_tokens')
  return {
    ...splitPrompt(input, cacheRead, cacheWrite),
    output,
    thinking: Math.min(thinking, output),
  }
}

function count(object: JsonObject | undefined, field: string): number {
  return asCount(object?.[field]) ?? 0
}
