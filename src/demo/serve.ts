/** How every protocol of the demo is served: a stream told as it is read, and OpenAI's error shape. */
import type * as z from 'zod/mini'

/** One server-sent event. */
export interface DemoEvent {
  /** Left out where the protocol names none. */
  event?: string
  data: string
}

/** One event at a time, as fast as they are read. */
export function toStream(events: Generator<DemoEvent>): Response {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const { done, value } = events.next()
      if (done === true) {
        controller.close()
        return
      }
      const name = value.event === undefined ? '' : `event: ${value.event}\n`
      controller.enqueue(encoder.encode(`${name}data: ${value.data}\n\n`))
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

/** A refusal in OpenAI's shape. */
export function refuse(status: number, message: string): Response {
  const error = { message, type: 'invalid_request_error', param: null, code: null }
  return Response.json({ error }, { status })
}

/** A body that the schema did not take. */
export function refuseBody(error: z.core.$ZodError): Response {
  const issue = error.issues[0]
  const path = issue?.path.join('.') ?? ''
  return refuse(
    400,
    path === ''
      ? 'We could not parse the JSON body of your request.'
      : `Invalid '${path}': ${issue?.message}.`,
  )
}

/** A fresh id. */
export function newId(prefix: string): string {
  return prefix + crypto.randomUUID().replaceAll('-', '')
}
