/** How a message ends: its stop reason and its usage. */
import type { StopReason, StreamEvent, Usage } from './message.ts'
import type { Part, ReportedUsage, TokenUsage } from './part.ts'

type Stop = Extract<Part, { type: 'stop' }>
type StopDelta = Extract<StreamEvent, { type: 'message_delta' }>['delta']

/**
 * The usage that an upstream reported, with an estimate of what it did not: four characters a token is
 * near enough for a meter. `characters`: of the content.
 */
export function completeUsage(
  reported: ReportedUsage | undefined,
  characters: number,
  estimatedInput: () => number,
): TokenUsage {
  const output = Math.ceil(characters / 4)
  const usage = reported ?? { input: undefined, output, cacheRead: 0, cacheWrite: 0, thinking: 0 }
  return { ...usage, input: usage.input ?? estimatedInput() }
}

/** The delta of `message_delta`. `hasTools`: whether the message has a tool call. */
export function toStopDelta(stop: Stop, hasTools: boolean): StopDelta {
  const reason = settleReason(stop.reason, hasTools)
  const details = {
    type: 'refusal' as const,
    category: null,
    explanation: stop.explanation ?? null,
  }
  return {
    stop_reason: reason,
    stop_sequence: reason === 'stop_sequence' ? (stop.sequence ?? null) : null,
    ...(reason === 'refusal' ? { stop_details: details } : {}),
  }
}

/** Upstreams send `stop` with tool calls and `tool_calls` without one; clients act on the stop reason. */
function settleReason(reason: StopReason, hasTools: boolean): StopReason {
  if (reason === 'end_turn' || reason === 'tool_use') {
    return hasTools ? 'tool_use' : 'end_turn'
  }
  return reason
}

/** A usage in Anthropic's fields. */
export function toUsage(usage: TokenUsage): Usage {
  return {
    input_tokens: usage.input,
    output_tokens: usage.output,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cacheRead,
    output_tokens_details: { thinking_tokens: usage.thinking },
  }
}
