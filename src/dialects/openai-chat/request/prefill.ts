/** A conversation that ends with an answer that the client began. */
import type { JsonObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import type { ChatQuirks } from '../quirks.ts'
import type { ChatMessage, VendorMessage } from '../wire.ts'

type Message = ChatMessage | VendorMessage

export interface Prefill {
  messages: Message[]
  /** Laid over the request. */
  fields: JsonObject
}

/** `path` is the client's last message. */
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
  // Upstreams refuse or repeat a blank at the end.
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
