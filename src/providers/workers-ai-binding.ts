/**
 * Workers AI through the Worker's binding, without a key. Returns responses as an upstream's HTTP
 * API would.
 */
import { GatewayError } from '../anthropic/error.ts'
import { asObject, asString, isObject } from '../anthropic/json.ts'

/**
 * The method of the binding that is used
 * (https://developers.cloudflare.com/workers-ai/configuration/bindings).
 */
interface Ai {
  run: (model: string, inputs: object, options: object) => Promise<unknown>
}

const session = 'x-session-affinity'

/**
 * Runs a chat completion. Throws a GatewayError `misconfigured` without a binding; what the binding
 * throws becomes an error response.
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
        'Workers AI binding AI is missing: wrangler.toml binds it in a deployment, and npm start leaves it out, since it needs an account',
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

/**
 * The response for a result of the binding: some models return a stream or an object instead of a
 * response.
 */
function toResponse(answer: unknown): Response {
  if (answer instanceof Response) {
    return answer
  }
  return answer instanceof ReadableStream
    ? new Response(answer, { headers: { 'content-type': 'text/event-stream' } })
    : Response.json(answer)
}

/**
 * The response for an error of the binding, such as `3040: Capacity temporarily exceeded, please
 * try again.`
 */
function toErrorResponse(text: string): Response {
  const [, digits, message = text] = /^(?:\w*Error: )?(\d{4,5}): (.*)$/s.exec(text) ?? []
  const error = digits === undefined ? { message } : { code: Number(digits), message }
  return Response.json({ success: false, errors: [error] }, { status: 500 })
}
