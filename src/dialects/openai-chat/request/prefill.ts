/** Handles a conversation that ends with an assistant turn (prefill). */
import type { JsonObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import type { ChatQuirks } from '../quirks.ts'
import type { ChatMessage, VendorMessage } from '../wire.ts'

type Message = ChatMessage | VendorMessage

/** Messages after the prefill was handled, and the request fields that go with them. */
export interface Prefill {
  messages: Message[]
  /** Fields merged into the request. */
  fields: JsonObject
}

/** Plans the prefill; `path` is the path of the client's last message. */
export function toPrefill(
  messages: readonly Message[],
  quirks: ChatQuirks,
  path: string,
  report: Report,
): Prefill {
  const last = messages.at(-1)
  if (last?.role !== 'assistant') {
    return { messages: [...messages], fields: {} }
  }
  // Upstreams reject or repeat trailing whitespace.
  const trimmed = { ...last, content: trimEnd(last.content) }
  const before = messages.slice(0, -1)
  if (quirks.prefill === 'native') {
    return {
      messages: [...before, { ...trimmed, ...quirks.prefill_message }],
      fields: quirks.prefill_body,
    }
  }
  report.map(path, 'user: Continue.')
  return { messages: [...before, trimmed, { role: 'user', content: 'Continue.' }], fields: {} }
}

function trimEnd<Content>(content: Content): Content | string {
  return typeof content === 'string' ? content.trimEnd() : content
}
