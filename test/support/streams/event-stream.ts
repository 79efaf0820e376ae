/** AWS's event stream, as upstreams write it. */
import { EventStreamCodec } from '@smithy/core/event-streams'

const decoder = new TextDecoder()
const encoder = new TextEncoder()
const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : decoder.decode(bytes)),
  (text) => encoder.encode(text),
)

/** One message. */
export function frame(headers: Record<string, string>, body: string): Uint8Array {
  return codec.encode({
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, { type: 'string', value }]),
    ),
    body: encoder.encode(body),
  })
}

/** An event of that name. */
export function eventFrame(name: string, data: object): Uint8Array {
  return frame({ ':event-type': name, ':message-type': 'event' }, JSON.stringify(data))
}

export function exceptionFrame(name: string, message: string): Uint8Array {
  const headers = { ':exception-type': name, ':message-type': 'exception' }
  return frame(headers, JSON.stringify({ message }))
}

export { concatenate } from '../../../src/platform/bytes.ts'
