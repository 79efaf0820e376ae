/**
 * An answer in AWS's event stream as the server-sent events that it holds, so that what follows need
 * not know how they came.
 */
import type { UpstreamEvent } from '../dialects/dialect.ts'
import { createEventStreamFramer } from './event-stream-framer.ts'

/** The same answer where it is in another form. A message that is damaged breaks the body off. */
export function unframe(response: Response, toText: (event: UpstreamEvent) => string): Response {
  const type = response.headers.get('content-type') ?? ''
  if (!type.startsWith('application/vnd.amazon.eventstream') || response.body === null) {
    return response
  }
  const headers = new Headers(response.headers)
  headers.set('content-type', 'text/event-stream; charset=utf-8')
  const body = response.body.pipeThrough(createUnframing(toText))
  return new Response(body, { status: response.status, headers })
}

function createUnframing(
  toText: (event: UpstreamEvent) => string,
): TransformStream<Uint8Array, Uint8Array> {
  const encoder = new TextEncoder()
  let text = ''
  let broken: string | undefined
  const framer = createEventStreamFramer({
    onEvent: (event) => {
      text += toText(event)
    },
    onDocument: () => {
      broken = 'no event stream'
    },
    onOverflow: () => {
      broken = 'an event is too long'
    },
    onBroken: (detail) => {
      broken = detail
    },
  })

  function flush(controller: TransformStreamDefaultController<Uint8Array>): void {
    if (text !== '') {
      controller.enqueue(encoder.encode(text))
      text = ''
    }
    if (broken !== undefined) {
      controller.error(new Error(broken))
    }
  }

  return new TransformStream({
    transform(bytes, controller) {
      framer.feed(bytes)
      flush(controller)
    },
    flush(controller) {
      framer.finish()
      flush(controller)
    },
  })
}
