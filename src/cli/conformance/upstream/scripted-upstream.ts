/**
 * A provider for runs of the checks: the demo's model, which answers by the words of a prompt (src/demo), with a
 * context window, a prompt cache, and faults on request. It speaks chat completions, the Responses API and
 * Gemini's protocol, under any base URL.
 */
import { asObject } from '../../../anthropic/json.ts'
import { serveDemo } from '../../../demo/server.ts'
import { estimateText } from '../../../tokens/estimate.ts'
import type { ErrorForm } from './faults.ts'
import { faultOf, simulate } from './faults.ts'

/** Tokens of the context window. */
export const contextWindow = 20_000

/** Bytes of the shortest request that is cached, and the tokens that count as read from the cache. */
const [cachedFrom, cachedTokens] = [10_000, 1024]

/** A provider whose answers follow from the prompt, for runs without a real model. */
export class ScriptedUpstream {
  /** Long requests that came before. */
  readonly #seen = new Set<string>()

  /** Answers a request of any protocol. */
  async answer(request: Request): Promise<Response> {
    const route = toRoute(new URL(request.url).pathname)
    const body = await request.text()
    const response = await serveDemo(
      new Request(`http://demo.invalid${route.path}`, {
        method: request.method,
        ...(body !== '' && { body }),
      }),
    )
    if (route.isCount) {
      return toCount(response)
    }
    const fault = estimateText(body) > contextWindow ? 'context-window' : faultOf(body)
    if (fault !== undefined) {
      return simulate(fault, route.form, response)
    }
    return this.#isCached(body) ? withCachedTokens(response) : response
  }

  #isCached(body: string): boolean {
    if (body.length < cachedFrom) {
      return false
    }
    const isSeen = this.#seen.has(body)
    this.#seen.add(body)
    return isSeen
  }
}

/** The demo's path for that of any base URL. */
function toRoute(path: string): { path: string; form: ErrorForm; isCount: boolean } {
  const gemini = /\/models\/([^/]+:\w+)$/.exec(path)
  if (gemini !== null) {
    return { path: `/v1beta/models/${gemini[1]}`, form: 'gemini', isCount: false }
  }
  const [, name = 'unknown', count] =
    /\/(chat\/completions|responses|models)(\/input_tokens)?$/.exec(path) ?? []
  return { path: `/v1/${name}`, form: 'openai', isCount: count !== undefined }
}

/** The prompt tokens of a response, as OpenAI counts them before a request (`/responses/input_tokens`). */
async function toCount(response: Response): Promise<Response> {
  const usage = asObject(asObject(await response.json())?.['usage'])
  return Response.json({ object: 'response.input_tokens', input_tokens: usage?.['input_tokens'] })
}

async function withCachedTokens(response: Response): Promise<Response> {
  const text = (await response.text())
    .replaceAll('"cached_tokens":0', `"cached_tokens":${cachedTokens}`)
    .replaceAll('"usageMetadata":{', `"usageMetadata":{"cachedContentTokenCount":${cachedTokens},`)
  return new Response(text, { headers: response.headers })
}
