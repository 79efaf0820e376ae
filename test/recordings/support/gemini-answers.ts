/** What a client should receive of a recording of `generateContent`: worked out from `expected` alone. */
import type { Answer } from './answers.ts'
import type { Expected, Recording } from './recordings.ts'

/** What `expected` has besides for this dialect. */
interface GeminiExpected extends Omit<Expected, 'usage'> {
  usage: (NonNullable<Expected['usage']> & { tool_use_prompt: number | null }) | null
  prompt_feedback?: { blockReason: string }
}

const refusals = /^(?:SAFETY|RECITATION|LANGUAGE|BLOCKLIST|PROHIBITED_CONTENT|SPII|MODEL_ARMOR)$/

export function toExpectedOfGemini(recording: Recording): Answer {
  const expected = recording.expected as GeminiExpected
  return {
    text: expected.text,
    reasoning: expected.reasoning,
    tools: expected.tool_calls.map(({ name, args }) => ({ name, input: args })),
    stop: toStop(expected),
    usage: toUsage(expected),
  }
}

function toStop({ finish_reason: reason, tool_calls, prompt_feedback }: GeminiExpected): string {
  if (prompt_feedback !== undefined || refusals.test(reason ?? '')) {
    return 'refusal'
  }
  if (reason === 'MAX_TOKENS') {
    return 'max_tokens'
  }
  return tool_calls.length > 0 ? 'tool_use' : 'end_turn'
}

/** Null where none was reported: the gateway answers with its estimate. */
function toUsage({ usage }: GeminiExpected): Answer['usage'] {
  if (usage === null || usage.prompt === null) {
    return null
  }
  const cacheRead = usage.cached ?? 0
  return {
    input: usage.prompt - cacheRead + (usage.tool_use_prompt ?? 0),
    output: (usage.completion ?? 0) + (usage.reasoning ?? 0),
    cacheRead,
    cacheWrite: 0,
  }
}
