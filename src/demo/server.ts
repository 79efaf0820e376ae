import { errorResponse } from './http-response.ts'
/**
 * The demo provider: a server inside the gateway, for trying everything without an account. It speaks
 * three protocols; the answers are the same in all of them (demo-model.ts).
 */
import { answerChat } from './protocols/chat.ts'
import { answerGemini } from './protocols/gemini.ts'
import { answerResponses } from './protocols/responses.ts'

const models = [{ id: 'demo', object: 'model', created: 1_790_812_800, owned_by: 'demo' }]

const geminiPath = '/v1beta/models/'

/** Answers a request of any protocol; any model name and any key are accepted. */
export async function serveDemo(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const route = `${request.method} ${pathname}`
  if (route === 'GET /v1/models') {
    return Response.json({ object: 'list', data: models })
  }
  if (route === 'POST /v1/chat/completions') {
    return answerChat(await readBody(request))
  }
  if (route === 'POST /v1/responses') {
    return answerResponses(await readBody(request))
  }
  if (route.startsWith(`POST ${geminiPath}`)) {
    const call = decodeURIComponent(pathname.slice(geminiPath.length))
    return answerGemini(call, await readBody(request))
  }
  return errorResponse(404, `Unknown request URL: ${route}.`)
}

/** The parsed body; undefined if it is not valid JSON. */
async function readBody(request: Request): Promise<unknown> {
  return request.json().catch(() => undefined)
}
