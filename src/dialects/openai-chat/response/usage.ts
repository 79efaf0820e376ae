/**
 * Token counts. Chat completions have one meaning and many field names: the prompt includes cached
 * tokens, the completion includes reasoning (except with xAI and Gemini).
 */
import type { ReportedUsage } from '../../../anthropic/answer/part.ts'
import { isCount } from '../../../anthropic/answer/usage-meter.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asCount, asObject } from '../../../anthropic/json.ts'
import { asNumber, splitPrompt } from '../../shared/answer/prompt-tokens.ts'
import type { ChatQuirks } from '../quirks.ts'

/**
 * Finds the usage of a chunk or a non-streaming answer. Undefined if it has no counts: providers
 * send `null`, `{}` and zeros before they know them.
 */
export function findUsage(chunk: JsonObject): JsonObject | undefined {
  return (
    asUsage(chunk['usage']) ??
    // Groq, and routers that forward Groq's chunks.
    asUsage(asObject(chunk['x_groq'])?.['usage']) ??
    // Moonshot.
    asUsage(asObject(asArray(chunk['choices'])[0])?.['usage'])
  )
}

/** Normalizes a usage object. */
export function toTokenUsage(usage: JsonObject, quirks: ChatQuirks): ReportedUsage {
  const prompt = asNumber(usage['prompt_tokens']) ?? asNumber(usage['input_tokens'])
  const input = asObject(usage['prompt_tokens_details']) ?? asObject(usage['input_tokens_details'])
  const cacheRead = largest(
    input?.['cached_tokens'],
    // DeepSeek.
    usage['prompt_cache_hit_tokens'],
    // Together, Kimi, Hugging Face.
    usage['cached_tokens'],
    // Mistral.
    usage['num_cached_tokens'],
    // Databricks, LiteLLM.
    usage['cache_read_input_tokens'],
  )
  const cacheWrite = largest(
    input?.['cache_write_tokens'],
    // Alibaba.
    input?.['cache_creation_input_tokens'],
    // LiteLLM.
    input?.['cache_creation_tokens'],
    // vLLM.
    input?.['created_cache_tokens'],
    // Databricks, LiteLLM, Vercel.
    usage['cache_creation_input_tokens'],
    usage['cache_creation_tokens'],
    usage['cache_write_tokens'],
    usage['created_cache_tokens'],
  )
  const isInclusive = usage['prompt_tokens'] !== undefined || input !== undefined
  const output = toOutput(usage, prompt, quirks.output_excludes_reasoning)
  const tokens = isInclusive
    ? splitPrompt(prompt, cacheRead, cacheWrite)
    : { input: prompt, cacheRead, cacheWrite }
  const searches = asCount(asObject(usage['server_tool_use'])?.['web_search_requests'])
  return { ...tokens, ...output, ...(searches === undefined ? {} : { webSearches: searches }) }
}

function toOutput(
  usage: JsonObject,
  prompt: number | undefined,
  excludesReasoning: boolean,
): { output: number | undefined; thinking: number } {
  const details =
    asObject(usage['completion_tokens_details']) ?? asObject(usage['output_tokens_details'])
  const reasoning = largest(details?.['reasoning_tokens'], usage['reasoning_tokens'])
  const total = asCount(usage['total_tokens'])
  const beyondPrompt =
    total === undefined || prompt === undefined ? undefined : Math.max(0, total - prompt)
  const completion =
    asNumber(usage['completion_tokens']) ?? asNumber(usage['output_tokens']) ?? beyondPrompt
  if (!isCount(completion)) {
    return { output: completion, thinking: 0 }
  }
  // The total shows it if no flag does: other providers serve xAI's models too.
  const isLeftOut = excludesReasoning || (reasoning > 0 && beyondPrompt === completion + reasoning)
  if (!isLeftOut) {
    return { output: completion, thinking: Math.min(reasoning, completion) }
  }
  const output = Math.max(completion, beyondPrompt ?? completion + reasoning)
  // Gemini's compatible endpoint does not report reasoning tokens.
  return { output, thinking: Math.max(output - completion, Math.min(reasoning, output)) }
}

function asUsage(value: unknown): JsonObject | undefined {
  const usage = asObject(value)
  const counts = usage && largest(usage['prompt_tokens'], usage['input_tokens'])
  const output = usage && largest(usage['completion_tokens'], usage['output_tokens'])
  return counts || output ? usage : undefined
}

/** The largest integer of at least 0: of a count under two names, one may be 0. */
function largest(...values: unknown[]): number {
  let count = 0
  for (const value of values) {
    count = Math.max(count, asCount(value) ?? 0)
  }
  return count
}
