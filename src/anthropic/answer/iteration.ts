/** Entries of `usage.iterations`: one model call each. */
import type { JsonObject } from '../json.ts'
import { asCount, asObject } from '../json.ts'
import type { TokenUsage } from './part.ts'
import type { IterationUsage } from './wire/complete-blocks.ts'

/** Formats the usage of one model call as an entry of `usage.iterations`. */
export function toIteration(
  { input, output, cacheRead, cacheWrite }: TokenUsage,
  type: IterationUsage['type'],
): IterationUsage {
  return {
    type,
    input_tokens: input,
    output_tokens: output,
    cache_read_input_tokens: cacheRead,
    cache_creation_input_tokens: cacheWrite,
  }
}

/** The model call that wrote a whole message; what its usage does not say is 0. */
export function readIteration(message: unknown, type: IterationUsage['type']): IterationUsage {
  const usage = asObject(asObject(message)?.['usage']) ?? {}
  return {
    type,
    input_tokens: countOf(usage, 'input_tokens'),
    output_tokens: countOf(usage, 'output_tokens'),
    cache_read_input_tokens: countOf(usage, 'cache_read_input_tokens'),
    cache_creation_input_tokens: countOf(usage, 'cache_creation_input_tokens'),
  }
}

function countOf(usage: JsonObject, field: string): number {
  return asCount(usage[field]) ?? 0
}
