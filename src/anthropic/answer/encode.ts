/** Encodes events as text on the wire. */
import type { StreamEvent } from './message.ts'

/**
 * Encodes events as server-sent events. The `event:` line is not optional: official SDKs skip events without it
 * (@anthropic-ai/sdk, core/streaming).
 */
export function encodeEvents(events: readonly StreamEvent[]): string {
  let text = ''
  for (const event of events) {
    text += `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
  }
  return text
}

/** `event: ping`, sent in silent gaps so that no client gives up. */
export const pingText = encodeEvents([{ type: 'ping' }])
