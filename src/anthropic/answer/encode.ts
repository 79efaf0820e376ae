/** Encodes events as server-sent events. */
import type { StreamEvent } from './wire/message.ts'

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

/** A ping event, sent during silence so that no client times out. */
export const pingText = encodeEvents([{ type: 'ping' }])
