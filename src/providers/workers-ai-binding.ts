/**
 * Workers AI by the Worker's own binding: no key, no network of ours. Answers inside the gateway, as
 * a request to an upstream would be answered.
 */
import { GatewayError } from '../anthropic/error.ts'
import { asObject, asString, isObject } from '../anthropic/json.ts'

/** What of the binding is used (https://developers.cloudflare.com/workers-ai/configuration/bindings). */
interface Ai {
  run: (model: string, inputs: object, options: object) => Promise<unknown>
}

const session = 'x-session-affinity'

/**
 * Runs a chat completion. Throws a GatewayError `misconfigured` where there is no binding; what the
 * binding throws becomes an answer with an error in it.
 */
export async function runOnBinding(
  request: Request,
  binding: (name: string) => unknown,
): Promise<Response> {
  const ai = binding('AI')
  if (!isAi(ai)) {
    throw new GatewayError({
      kind: 'misconfigured',
      message:
        'Workers AI binding AI is missing: it is commented out in wrangler.toml, and there is none on a machine of one’s own but with wrangler dev --remote',
    })
  }
  const { model, ...inputs } = asObject(await request.json()) ?? {}
  const affinity = request.headers.get(session)
  try {
    const answer = await ai.run(asString(model) ?? '', inputs, {
      returnRawResponse: true,
      ...(affinity === null ? {} : { extraHeaders: { [session]: affinity } }),
    })
    return toResponse(answer)
  } catch (error) {
    return toErrorResponse(String(error instanceof Error ? error.message : error))
  }
}

function isAi(value: unknown): value is Ai {
  return isObject(value) && typeof value['run'] === 'function'
}

/** Some models answer with what the response would hold, whatever they are asked. */
function toResponse(answer: unknown): Response {
  if (answer instanceof Response) {
    return answer
  }
  return answer instanceof ReadableStream
    ? new Response(answer, { headers: { 'content-type': 'text/event-stream' } })
    : Response.json(answer)
}

/** `3040: Capacity temporarily exceeded, please try again.` The number says what it is. */
function toErrorResponse(text: string): Response {
  const [, digits, message = text] = /^(?:\w*Error: )?(\d{4,5}): (.*)$/s.exec(text) ?? []
  const error = digits === undefined ? { message } : { code: Number(digits), message }
  return Response.json({ success: false, errors: [error] }, { status: 500 })
}
