/**
 * What a gateway asks of the platform for one request, and nothing else: no key is looked up, nothing is translated
 * or counted. Its keys are read from headers, its body is bounded, its request to the provider can be aborted by the
 * client or by a timer, the answer is read into memory of its own, and a line is logged.
 */
const bodies = new TextDecoder('utf-8', { fatal: true })

export default {
  async fetch(request, env, context) {
    const { headers, signal } = request
    const key = headers.get('x-api-key') ?? headers.get('authorization')
    const isShort = Number(headers.get('content-length')) < 65_536
    const isPlain = headers.get('content-encoding') === null
    const text = bodies.decode(await request.arrayBuffer())
    const controller = new AbortController()
    const abort = () => controller.abort()
    signal.addEventListener('abort', abort)
    const timer = setTimeout(abort, 600_000)
    const { promise, resolve } = Promise.withResolvers()
    const answer = async () => {
      const response = await fetch(`${env.UPSTREAM}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer secret' },
        body: text,
        redirect: 'manual',
        signal: controller.signal,
      })
      resolve(await readText(response))
    }
    context.waitUntil(answer())
    const answered = await promise
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
    console.log(`{"level":"info","status":200,"isKnown":${key !== null && isShort && isPlain}}`)
    return new Response(answered, {
      headers: {
        'content-type': 'application/json',
        'request-id': 'req_1',
        'server-timing': 'upstream;dur=1',
      },
    })
  },
}

async function readText({ body }) {
  const reader = body.getReader({ mode: 'byob' })
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const { done, value } = await reader.readAtLeast(8192, new Uint8Array(8192))
    text += decoder.decode(value, { stream: !done })
    if (done || value.length < 8192) {
      return text
    }
  }
}
