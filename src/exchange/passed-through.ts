/** An attempt at an upstream that speaks Anthropic's protocol: bytes and errors as they came. */
import type { Failure } from '../anthropic/error.ts'
import { withoutRefusedThoughts } from '../anthropic/request/thoughts.ts'
import { adaptToHost } from '../dialects/anthropic/request/adapt.ts'
import { replaceModel } from '../dialects/anthropic/request/splice.ts'
import type { UpstreamReply } from '../dialects/dialect.ts'
import type { Endpoint, PassThrough } from '../dialects/pass-through.ts'
import { toClientBody } from '../dialects/pass-through.ts'
import { toReplyFailure } from '../dialects/shared/errors/upstream-error.ts'
import { omitKeys } from '../dialects/shared/tools/schema-walk.ts'
import { unframe } from '../streaming/unframe.ts'
import { isJson, readErrorReply, send } from '../upstream/send.ts'
import { toUpstreamUrl } from '../upstream/upstream-url.ts'
import { answerHeaders } from './answer-headers.ts'
import type { Opening } from './attempts.ts'
import type { Attempt } from './call.ts'
import { toTimeouts } from './call.ts'

/** What of the client's request goes on. Its credentials never do. */
const requestHeaders = ['anthropic-version', 'user-agent', 'accept']

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
 * What it returns sends the client's body on. Throws a GatewayError in strict mode where the host would
 * not get all of it.
 */
export function preparePassed(attempt: Attempt, dialect: PassThrough): () => Promise<Opening> {
  const request = toForward(attempt, dialect, 'messages')
  const headers = answerHeaders(attempt)
  return () => openOrMend(attempt, dialect, request, headers)
}

/** Where the host refuses thoughts that another signed, it is asked without them, once. */
async function openOrMend(
  attempt: Attempt,
  dialect: PassThrough,
  request: Forward,
  headers: Record<string, string>,
): Promise<Opening> {
  const { refusal, ...opening } = await open(attempt, dialect, request, headers)
  const left = refusal && withoutRefusedThoughts(refusal, attempt.body.json)
  if (left === undefined) {
    return opening
  }
  attempt.report.drop('messages.thinking')
  for (const field of wantThoughts.filter((name) => name in left)) {
    attempt.report.drop(field)
  }
  const body = { ...attempt.body, ...toClientBody(omitKeys(left, new Set(wantThoughts))) }
  const mended = { ...attempt, body }
  const { refusal: _, ...again } = await open(
    mended,
    dialect,
    toForward(mended, dialect, 'messages'),
    answerHeaders(attempt),
  )
  return again
}

/** A model that is to think wants its last thoughts back; and so does what prunes them. */
const wantThoughts = ['thinking', 'context_management']

async function open(
  attempt: Attempt,
  dialect: PassThrough,
  request: Forward,
  headers: Record<string, string>,
): Promise<Opening & { refusal?: UpstreamReply }> {
  const { upstream, body, requestedModel, client, timers } = attempt
  const { provider } = upstream
  const timeouts = toTimeouts(upstream, body.json['stream'] === true)
  const sentAt = timers.now()
  const response = await forward(attempt, request, timeouts.headMs)
  if (!response.ok) {
    const reply = await readErrorReply(response, { client, timers, maxMs: timeouts.idleMs })
    return { ...toRefusal(reply, dialect, attempt), refusal: reply }
  }
  const { fromFrame } = dialect
  const answer =
    fromFrame === undefined ? response : unframe(response, (event) => fromFrame(event, upstream))
  const isRenamed = requestedModel !== upstream.model
  return {
    source: {
      body: answer.body ?? new Blob([]).stream(),
      whole: isJson(answer),
      reading: {
        kind: 'passed',
        provider,
        ...(isRenamed ? { rename: (json: string) => replaceModel(json, requestedModel) } : {}),
      },
      timeouts,
      sentAt,
    },
    headers: { ...pick(answer.headers, responseHeaders), ...headers },
  }
}

/** A request as it goes on, but for its credential. */
export interface Forward {
  url: string
  headers: Record<string, string>
  body: Uint8Array | string
}

/** The client's body and what of its headers goes on. */
export function toForward(attempt: Attempt, dialect: PassThrough, endpoint: Endpoint): Forward {
  const { upstream, headers, report } = attempt
  const betas = headers.get('anthropic-beta')
  const body = adaptToHost(attempt.body, betas, upstream.quirks, report)
  const inHeader = dialect.betasInBody === true ? [] : body.betas
  return {
    url: toUpstreamUrl(upstream, dialect.path(endpoint, upstream.model, body.json)),
    headers: {
      'anthropic-version': '2023-06-01',
      ...pick(headers, requestHeaders),
      ...(inHeader.length === 0 ? {} : { 'anthropic-beta': inHeader.join(',') }),
      'content-type': 'application/json',
      'accept-encoding': 'identity',
      ...upstream.headers,
    },
    body: dialect.toBody(body, upstream.model, endpoint),
  }
}

/** Sends it; the answer whatever its status. */
export function forward(
  { upstream, fetch, client, timers, signOn }: Attempt,
  request: Forward,
  headMs: number,
): Promise<Response> {
  return send(fetch, {
    ...request,
    provider: upstream.provider,
    authorize: signOn,
    client,
    timers,
    headMs,
  })
}

/**
 * An answer that was refused. The gateway's own credential is not the client's matter, or it would
 * blame its key; an error in a host's own words is told as Anthropic would; another goes on as it came.
 */
function toRefusal(
  reply: UpstreamReply,
  dialect: PassThrough,
  { upstream }: Attempt,
): Extract<Opening, { failure: Failure }> {
  const { provider } = upstream
  const { status, body } = reply
  if (status === 401 || status === 402 || status === 403) {
    return {
      failure: {
        kind: 'upstream_error',
        provider,
        status: 500,
        type: 'api_error',
        message: `The provider ${provider} refused the gateway's credential or credit (status ${status}). This is for the operator of the gateway to mend.`,
        upstreamStatus: status,
        shouldRetry: false,
      },
    }
  }
  const inOwnWords = dialect.toFailure?.(reply, upstream)
  return inOwnWords === undefined
    ? {
        failure: toReplyFailure(reply, upstream),
        raw: { status, body, headers: pick(reply.headers, responseHeaders) },
      }
    : { failure: inOwnWords }
}

/** Of an answer that is passed on as it came. */
export function pickHeaders(response: Response): Record<string, string> {
  return pick(response.headers, responseHeaders)
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
