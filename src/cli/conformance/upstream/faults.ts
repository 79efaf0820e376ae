/** The failures that a scripted upstream simulates when a prompt asks for one. */

/** Requests of a fault: “Simulate the fault: cut-within-text.” */
const instruction = /Simulate the fault: ([a-z-]+)/

/** Protocols that differ in the form of their errors. */
export type ErrorForm = 'openai' | 'gemini'

const failures = {
  'rate-limit': { status: 429, code: 'rate_limit_exceeded', message: 'Rate limit reached.' },
  overloaded: { status: 503, code: 'overloaded', message: 'The server is overloaded.' },
  'server-error': { status: 500, code: 'server_error', message: 'The server had an error.' },
  'bad-credential': {
    status: 401,
    code: 'invalid_api_key',
    message: 'Incorrect API key provided.',
  },
  'context-window': {
    status: 400,
    code: 'context_length_exceeded',
    message:
      "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens. Please reduce the length of the messages.",
  },
} as const

/** Events of a stream that come before each of these ends it. */
const truncations = {
  'cut-before-content': 1,
  'cut-within-text': 3,
  'ended-early': 3,
  'error-within-stream': 3,
} as const

/** The name of a failure, as a prompt asks for it. */
export type FaultName = keyof typeof failures | keyof typeof truncations | 'garbage'

const geminiStatus: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
}

/** The fault that a request's body asks for; undefined if it asks for none. */
export function faultOf(body: string): FaultName | undefined {
  const name = instruction.exec(body)?.[1] ?? ''
  return isFault(name) ? name : undefined
}

function isFault(name: string): name is FaultName {
  return name in failures || name in truncations || name === 'garbage'
}

/** The response of a fault, given what the upstream would answer without it. */
export function simulate(fault: FaultName, form: ErrorForm, response: Response): Response {
  if (fault === 'garbage') {
    return new Response('<html>Bad gateway</html>', { headers: { 'content-type': 'text/html' } })
  }
  if (isFailure(fault)) {
    const { status } = failures[fault]
    const headers = fault === 'rate-limit' ? { 'retry-after': '7' } : {}
    return Response.json(toError(fault, form), { status, headers })
  }
  return new Response(truncate(fault, form, response.body), { headers: response.headers })
}

function isFailure(fault: FaultName): fault is keyof typeof failures {
  return fault in failures
}

function toError(fault: keyof typeof failures, form: ErrorForm): object {
  const { status, code, message } = failures[fault]
  return {
    error:
      form === 'gemini'
        ? { code: status, message, status: geminiStatus[status] }
        : { message, type: status < 500 ? 'invalid_request_error' : 'server_error', code },
  }
}

/** Passes on the first events of a stream and ends it there. */
function truncate(
  fault: keyof typeof truncations,
  form: ErrorForm,
  body: ReadableStream<Uint8Array> | null,
): ReadableStream<Uint8Array> {
  const reader = body?.getReader()
  let remaining: number = truncations[fault]
  return new ReadableStream({
    // The demo's streams have an event in each chunk.
    async pull(controller) {
      const { value } = (await reader?.read()) ?? {}
      if (remaining > 0 && value !== undefined) {
        remaining -= 1
        controller.enqueue(value)
        return
      }
      if (fault.startsWith('cut')) {
        controller.error(new Error('The connection is cut.'))
        return
      }
      if (fault === 'error-within-stream') {
        const event = `data: ${JSON.stringify(toError('overloaded', form))}\n\n`
        controller.enqueue(new TextEncoder().encode(event))
      }
      controller.close()
    },
    cancel: () => void reader?.cancel(),
  })
}
