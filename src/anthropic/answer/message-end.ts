import type { Part, TokenUsage } from './part.ts'
/** The end of a message: its stop reason and its usage. */
import type { ContextManagement } from './wire/context-management.ts'
import type { ServiceUsage, StopReason, StreamEvent, Usage } from './wire/message.ts'

type Stop = Extract<Part, { type: 'stop' }>
type StopDelta = Extract<StreamEvent, { type: 'message_delta' }>['delta']

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
    ...(stop.safeguardResults && { safeguard_results: stop.safeguardResults }),
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

/** What the gateway itself adds to the end of a message. */
export interface EndAdditions {
  contextManagement: ContextManagement | undefined
  service: ServiceUsage | undefined
}

/** The events that end a message. */
export function toEndEvents(
  delta: StopDelta,
  usage: Usage,
  { contextManagement, service }: Partial<EndAdditions> = {},
): StreamEvent[] {
  const end = { type: 'message_delta', delta, usage: { ...usage, ...service } } as const
  return [
    contextManagement === undefined ? end : { ...end, context_management: contextManagement },
    { type: 'message_stop' },
  ]
}

/** Converts a usage to Anthropic's fields. */
export function toUsage(
  usage: TokenUsage,
  { serverUsage, iterations }: Pick<Stop, 'serverUsage' | 'iterations'>,
): Usage {
  return {
    input_tokens: usage.input,
    output_tokens: usage.output,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cacheRead,
    output_tokens_details: { thinking_tokens: usage.thinking },
    ...serverUsage,
    ...(iterations && { iterations }),
  }
}
