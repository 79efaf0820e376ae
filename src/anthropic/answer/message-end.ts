/** The end of a message: its stop reason and its usage. */
import type { StopReason, StreamEvent, Usage } from './message.ts'
import type { Part, ReportedUsage, TokenUsage } from './part.ts'

type Stop = Extract<Part, { type: 'stop' }>
type StopDelta = Extract<StreamEvent, { type: 'message_delta' }>['delta']

/**
 * Completes the usage that an upstream reported with estimates, at four characters per token.
 * `characters`: of the content.
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

/**
 * Corrects the stop reason by whether there are tool calls: upstreams send `stop` with calls and
 * `tool_calls` without any, and clients act on the stop reason.
 */
function settleReason(reason: StopReason, hasTools: boolean): StopReason {
  if (reason === 'end_turn' || reason === 'tool_use') {
    return hasTools ? 'tool_use' : 'end_turn'
  }
  return reason
}

/** Converts a usage to Anthropic's fields. */
export function toUsage(usage: TokenUsage): Usage {
  return {
    input_tokens: usage.input,
    output_tokens: usage.output,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cacheRead,
    output_tokens_details: { thinking_tokens: usage.thinking },
  }
}
