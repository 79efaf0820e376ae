/** How a message ends: stop reason, usage, and the two events that say so. */
import type { StopReason, StreamEvent, Usage } from './message.ts'
import type { Part, TokenUsage } from './part.ts'

type Stop = Extract<Part, { type: 'stop' }>

/** `message_delta` and `message_stop`. `hasTools`: whether the message has a tool call. */
export function toEndEvents(stop: Stop, usage: TokenUsage, hasTools: boolean): StreamEvent[] {
  return [
    { type: 'message_delta', delta: toStopDelta(stop, hasTools), usage: toUsage(usage) },
    { type: 'message_stop' },
  ]
}

/** For an upstream that reported none: four characters a token is near enough for a meter. */
export function estimateUsage(input: number, characters: number): TokenUsage {
  return { input, output: Math.ceil(characters / 4), cacheRead: 0, cacheWrite: 0, thinking: 0 }
}

function toStopDelta(stop: Stop, hasTools: boolean) {
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

/** Upstreams say `stop` with tool calls and `tool_calls` without one; clients act on the word. */
function settleReason(reason: StopReason, hasTools: boolean): StopReason {
  if (reason === 'end_turn' || reason === 'tool_use') {
    return hasTools ? 'tool_use' : 'end_turn'
  }
  return reason
}

function toUsage(usage: TokenUsage): Usage {
  return {
    input_tokens: usage.input,
    output_tokens: usage.output,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cacheRead,
    output_tokens_details: { thinking_tokens: usage.thinking },
  }
}
