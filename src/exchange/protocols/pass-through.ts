/** A target that has the client's own protocol: requests, answers and errors pass through as received. */
import type { Failure } from '../../anthropic/error.ts'
import { unmarkExact } from '../../anthropic/exact-json.ts'
import { parseJson } from '../../anthropic/json.ts'
import { adaptToHost } from '../../dialects/anthropic/request/adapt.ts'
import { replaceModel } from '../../dialects/anthropic/request/splice.ts'
import type { UpstreamEvent, UpstreamReply } from '../../dialects/dialect.ts'
import type { ClientBody, Endpoint, PassThrough } from '../../dialects/pass-through.ts'
import { toClientBody } from '../../dialects/pass-through.ts'
import { redact } from '../../dialects/shared/errors/redact.ts'
import { toReplyFailure } from '../../dialects/shared/errors/upstream-error.ts'
import { isAwsEventStream } from '../../streaming/decode/aws-event-stream.ts'
import { toUpstreamUrl } from '../../upstream/upstream-url.ts'
import type { Adjustment } from '../policy/adjustments.ts'
import { adjustBetas, adjustClient } from '../policy/adjustments.ts'
import { toExact } from '../request/body.ts'
import type { Attempt, PreparedRequest, Protocol, UpstreamRefusal } from './protocol.ts'

/** Headers of the client's request that are passed on. Its credentials never are. */
const requestHeaders = ['anthropic-version', 'user-agent', 'accept']

/** Headers of the upstream's response that are passed on. Its account names and cookies are not. */
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

export class PassThroughProtocol implements Protocol {
  readonly #attempt: Attempt
  readonly #dialect: PassThrough

  constructor(attempt: Attempt, dialect: PassThrough) {
    this.#attempt = attempt
    this.#dialect = dialect
  }

  prepare(adjustments: readonly Adjustment[]): PreparedRequest {
    return this.#prepare('messages', adjustments)
  }

  prepareCount(adjustments: readonly Adjustment[]): PreparedRequest {
    return this.#prepare('count_tokens', adjustments)
  }

  read(response: Response) {
    const { target } = this.#attempt
    const { requestedModel } = this.#attempt.request
    const { fromFrame } = this.#dialect
    const isFramed = fromFrame !== undefined && isAwsEventStream(response.headers)
    const isRenamed = requestedModel !== target.model
    return {
      response,
      reading: {
        kind: 'passed' as const,
        provider: target.provider,
        ...(isRenamed ? { rename: (json: string) => replaceModel(json, requestedModel) } : {}),
        ...(isFramed ? { fromFrame: (event: UpstreamEvent) => fromFrame(event, target) } : {}),
      },
      headers: {
        ...pick(response.headers, responseHeaders),
        ...(isFramed ? { 'content-type': 'text/event-stream; charset=utf-8' } : {}),
      },
    }
  }

  /** Returns the body as received: it may also say what was removed from the context. */
  readCount(text: string): string {
    return text
  }

  /**
   * An error is passed on as received, unless it is in a host's own format, contains a secret, or refuses
   * the gateway's own credential or credit: a client would blame its key for that.
   */
  toAnswer(): undefined {
    return undefined
  }

  readFailure(reply: UpstreamReply): UpstreamRefusal {
    const { target } = this.#attempt
    const { status, body, headers } = reply
    const translated = this.#dialect.toFailure?.(reply, target)
    if (translated !== undefined) {
      return { failure: translated, raw: undefined }
    }
    const failure = toReplyFailure(reply, target)
    const isPassedOn = !isOperatorsMatter(failure) && !containsSecret(body)
    const raw = { status, body, headers: pick(headers, responseHeaders) }
    return { failure, raw: isPassedOn ? raw : undefined }
  }

  #prepare(endpoint: Endpoint, adjustments: readonly Adjustment[]): PreparedRequest {
    const { target, request, report } = this.#attempt
    const { headers } = request
    const json = toExact(request.body)
    const client = adjustClient(json, adjustments, report)
    const sent: ClientBody =
      client === json ? { bytes: request.body.bytes, json } : toClientBody(client)
    const header = adjustBetas(headers.get('anthropic-beta'), adjustments, report)
    const body = adaptToHost(sent, header, target.quirks, report)
    const betas = this.#dialect.betasInBody === true ? [] : body.betas
    return {
      url: toUpstreamUrl(target, this.#dialect.path(endpoint, target.model, body.json)),
      headers: {
        'anthropic-version': '2023-06-01',
        ...pick(headers, requestHeaders),
        ...(betas.length === 0 ? {} : { 'anthropic-beta': betas.join(',') }),
        'content-type': 'application/json',
        'accept-encoding': 'identity',
        ...target.headers,
      },
      body: toExactText(this.#dialect.toBody(body, target.model, endpoint)),
      stream: client['stream'] === true,
      draft: {
        client,
        upstream: undefined,
        host: body.omitsRefused ? { betas: body.betas } : undefined,
      },
    }
  }
}

/** Whether a failure is of the gateway's credential, permission or credit with the provider. */
function isOperatorsMatter(failure: Failure): boolean {
  return failure.kind === 'upstream_error' && failure.status === 500
}

/** Whether anything in a body would have to be hidden, also where JSON escapes its characters. */
function containsSecret(body: string): boolean {
  const json = parseJson(body)
  const text = json === undefined ? body : `${body}\n${stringify(json)}`
  return redact(text) !== text
}

/** Empty where it is nested too deeply to be serialized. */
function stringify(json: unknown): string {
  try {
    return JSON.stringify(json)
  } catch {
    return ''
  }
}

function toExactText(body: string | Uint8Array): string | Uint8Array {
  return typeof body === 'string' ? unmarkExact(body) : body
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
