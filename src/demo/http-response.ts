/** HTTP responses of the demo: event streams, and errors in OpenAI's format. */
import type * as z from 'zod/mini'

/** One server-sent event. */
export interface DemoEvent {
  /** The event name; absent in protocols without one. */
  event?: string
  data: string
}

/** Streams events one at a time, as fast as the client reads. */
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

/** An error response in OpenAI's format. */
export function errorResponse(status: number, message: string): Response {
  const error = { message, type: 'invalid_request_error', param: null, code: null }
  return Response.json({ error }, { status })
}

/** Answers a body that matches a schema, and any other with an error. */
export function answerValid<Schema extends z.ZodMiniType>(
  schema: Schema,
  body: unknown,
  answer: (request: z.infer<Schema>) => Response,
): Response {
  const parsed = schema.safeParse(body)
  if (parsed.success) {
    return answer(parsed.data)
  }
  const issue = parsed.error.issues[0]
  const path = issue?.path.join('.') ?? ''
  return errorResponse(
    400,
    path === ''
      ? 'We could not parse the JSON body of your request.'
      : `Invalid '${path}': ${issue?.message}.`,
  )
}

/** A new random id. */
export function newId(prefix: string): string {
  return prefix + crypto.randomUUID().replaceAll('-', '')
}
