/** The usage of a message in Anthropic's protocol. */
import type { BillingTerms, ReportedUsage, TokenUsage } from '../../anthropic/answer/part.ts'
import { isCount } from '../../anthropic/answer/usage-meter.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asCount, asObject, asString } from '../../anthropic/json.ts'
import { asNumber } from '../../dialects/shared/answer/prompt-tokens.ts'

/**
 * Reads Anthropic's usage; undefined for anything else. The sum of `iterations`, if any, is billed:
 * the top level excludes compaction (https://docs.claude.com/en/docs/build-with-claude/compaction).
 */
export function readUsage(value: unknown): ReportedUsage | undefined {
  const usage = asObject(value)
  if (
    usage === undefined ||
    asNumber(usage['output_tokens'] ?? usage['input_tokens']) === undefined
  ) {
    return undefined
  }
  const iterations = usage['iterations']
  const listed = Array.isArray(iterations) ? iterations : []
  const entries = listed.length === 0 ? [usage] : listed
  const sum = (...path: string[]): number =>
    entries.reduce<number>((total, entry) => total + countAt(entry, path), 0)
  const otherModels = listed.flatMap(readOtherModel)
  return {
    input: sumOf(entries, 'input_tokens'),
    output: sumOf(entries, 'output_tokens'),
    cacheWrite: sum('cache_creation_input_tokens'),
    cacheWrite1h: sum('cache_creation', 'ephemeral_1h_input_tokens'),
    cacheRead: sum('cache_read_input_tokens'),
    thinking: countAt(usage, ['output_tokens_details', 'thinking_tokens']),
    webSearches: countAt(usage, ['server_tool_use', 'web_search_requests']),
    terms: readTerms(usage),
    ...(otherModels.length === 0 ? {} : { otherModels }),
  }
}

/** Calls of an advisor, and of a fallback model. */
function readOtherModel(entry: unknown): { model: string; usage: TokenUsage }[] {
  const { type, model } = asObject(entry) ?? {}
  return typeof model === 'string' && (type === 'advisor_message' || type === 'fallback_message')
    ? [
        {
          model,
          usage: {
            input: countAt(entry, ['input_tokens']),
            output: countAt(entry, ['output_tokens']),
            cacheRead: countAt(entry, ['cache_read_input_tokens']),
            cacheWrite: countAt(entry, ['cache_creation_input_tokens']),
            cacheWrite1h: countAt(entry, ['cache_creation', 'ephemeral_1h_input_tokens']),
            thinking: 0,
          },
        },
      ]
    : []
}

/** Undefined where no entry has the field; not a count where one of them is none. */
function sumOf(entries: readonly unknown[], field: string): number | undefined {
  const counts = entries.map((entry) => asNumber(asObject(entry)?.[field]))
  const known = counts.filter((count) => count !== undefined)
  return (
    known.find((count) => !isCount(count)) ??
    known.reduce<number | undefined>((sum, count) => (sum ?? 0) + count, undefined)
  )
}

/** https://docs.claude.com/en/api/messages#response-usage */
function readTerms(usage: JsonObject): BillingTerms {
  return {
    speed: asString(usage['speed']),
    inference_geo: asString(usage['inference_geo']),
    service_tier: asString(usage['service_tier']),
  }
}

function countAt(value: unknown, path: readonly string[]): number {
  const [field = '', ...rest] = path
  const inner = asObject(value)?.[field]
  return rest.length === 0 ? (asCount(inner) ?? 0) : countAt(inner, rest)
}
