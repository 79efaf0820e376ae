/** Answers a call whose upstream speaks Anthropic's protocol: bytes and errors as they came. */
import { GatewayError } from '../anthropic/error.ts'
import { replaceModel } from '../dialects/anthropic/splice.ts'
import type { Endpoint, PassThrough } from '../dialects/pass-through.ts'
import { readErrorReply, send } from '../upstream/send.ts'
import type { Call } from './call.ts'
import { answerHeaders } from './call.ts'
import { renameInStream } from './rename-in-stream.ts'

/** What of the client's request goes on. Its credentials never do. */
const requestHeaders = ['anthropic-version', 'anthropic-beta', 'user-agent', 'accept']

/** What of the upstream's answer comes back. Its account names and cookies do not. */
const responseHeaders = [
  'content-type',
  'request-id',
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
  ...['requests', 'tokens', 'input-tokens', 'output-tokens'].flatMap((what) =>
    ['limit', 'remaining', 'reset'].map((part) => `anthropic-ratelimit-${what}-${part}`),
  ),
]

/**
 * Passes the call on. Throws a GatewayError where there is no answer, and where the upstream refuses
 * the gateway's own credential (the client would blame its key).
 */
export async function answerPassedThrough(
  call: Call,
  dialect: PassThrough,
  endpoint: Endpoint,
): Promise<Response> {
  const response = await forward(call, dialect, endpoint)
  refuseOwnCredential(response, call)
  if (!response.ok && dialect.toFailure !== undefined) {
    return answerHostError(response, call, dialect.toFailure)
  }
  const headers = { ...pick(response.headers, responseHeaders), ...answerHeaders(call) }
  const { status } = response
  const { requestedModel, upstream } = call
  if (!response.ok || endpoint === 'count_tokens' || requestedModel === upstream.model) {
    return new Response(response.body, { status, headers })
  }
  if (headers['content-type']?.startsWith('text/event-stream') && response.body !== null) {
    const stream = { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' }
    return new Response(renameInStream(response.body, requestedModel, call), {
      status,
      headers: { ...headers, ...stream },
    })
  }
  const text = await response.text()
  return new Response(replaceModel(text, requestedModel) ?? text, { status, headers })
}

/** Sends the client's body on; the answer whatever its status. */
export function forward(call: Call, dialect: PassThrough, endpoint: Endpoint): Promise<Response> {
  const { upstream, body, headers, fetch, signal, authorize } = call
  return send(fetch, {
    provider: upstream.provider,
    url: upstream.baseUrl + dialect.path(endpoint, upstream.model, body.json),
    headers: {
      'anthropic-version': '2023-06-01',
      ...pick(headers, requestHeaders),
      'content-type': 'application/json',
      'accept-encoding': 'identity',
      ...upstream.headers,
    },
    authorize,
    body: dialect.toBody(body, upstream.model, endpoint),
    signal,
  })
}

/** An error in a host's own words is told as Anthropic would; another goes on as it came. */
async function answerHostError(
  response: Response,
  call: Call,
  toFailure: NonNullable<PassThrough['toFailure']>,
): Promise<Response> {
  const reply = await readErrorReply(response)
  const failure = toFailure(reply, call.upstream)
  if (failure !== undefined) {
    throw new GatewayError(failure)
  }
  const headers = { ...pick(response.headers, responseHeaders), ...answerHeaders(call) }
  return new Response(reply.body, { status: reply.status, headers })
}

function refuseOwnCredential(response: Response, { upstream }: Call): void {
  const { provider } = upstream
  if (response.status !== 401 && response.status !== 402 && response.status !== 403) {
    return
  }
  throw new GatewayError({
    kind: 'upstream_error',
    provider,
    status: 500,
    type: 'api_error',
    message: `The provider ${provider} refused the gateway's credential or credit (status ${response.status}). This is for the operator of the gateway to mend.`,
    upstreamStatus: response.status,
    shouldRetry: false,
  })
}

function pick(headers: Headers, names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {}
  for (const name of names) {
    const value = headers.get(name)
    if (value !== null) {
      picked[name] = value
    }
  }
  return picked
}
