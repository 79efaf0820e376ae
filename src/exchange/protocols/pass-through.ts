/**
 * The protocol of a target that speaks the client's own: requests, answers and errors pass through
 * as received.
 */
import { toErrorReply } from '../../anthropic/error-reply.ts'
import { unmarkExact } from '../../anthropic/exact-json.ts'
import { asCount, asObject, parseJson } from '../../anthropic/json.ts'
import { adaptToHost, toHostQuirks } from '../../dialects/anthropic/request/adapt.ts'
import { replaceModel } from '../../dialects/anthropic/request/splice.ts'
import type { Host } from '../../dialects/anthropic/response/error.ts'
import { readErrorEvent, readErrorReply } from '../../dialects/anthropic/response/error.ts'
import type { UpstreamReply } from '../../dialects/dialect.ts'
import type { ClientBody, Endpoint, Forwarding, PassThrough } from '../../dialects/pass-through.ts'
import { toClientBody } from '../../dialects/pass-through.ts'
import type { CreateDecoder } from '../../streaming/decode/load-decoder.ts'
import { loadDecoder } from '../../streaming/decode/load-decoder.ts'
import { toReading } from '../../streaming/pass-through/reading.ts'
import { toUpstreamUrl } from '../../upstream/upstream-url.ts'
import type { Adjustment } from '../policy/adjustments.ts'
import { adjustBetas, adjustClient } from '../policy/adjustments.ts'
import { toExact } from '../request/body.ts'
import type { Attempt, PreparedRequest, Protocol, UpstreamRefusal } from './protocol.ts'

/** Headers of the client's request that are passed on. Its credentials never are. */
const requestHeaders = ['anthropic-version', 'user-agent', 'accept', 'traceparent', 'tracestate']

/** Headers of the upstream's response that are passed on. Its account names and cookies are not. */
const responseHeaders = [
  'request-id',
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
  ...['requests', 'tokens', 'input-tokens', 'output-tokens'].flatMap((what) =>
    ['limit', 'remaining', 'reset'].map((part) => `anthropic-ratelimit-${what}-${part}`),
  ),
]

/** The protocol of one attempt whose bytes are passed through. */
export class PassThroughProtocol implements Protocol {
  readonly #attempt: Attempt
  readonly #dialect: PassThrough
  readonly #forwarding: Forwarding
  readonly #createFrameDecoder: CreateDecoder

  private constructor(
    attempt: Attempt,
    dialect: PassThrough,
    code: { forwarding: Forwarding; createFrameDecoder: CreateDecoder },
  ) {
    this.#attempt = attempt
    this.#dialect = dialect
    this.#forwarding = code.forwarding
    this.#createFrameDecoder = code.createFrameDecoder
  }

  static async load(attempt: Attempt, dialect: PassThrough): Promise<PassThroughProtocol> {
    const forwarding = await dialect.load()
    const createFrameDecoder = await loadDecoder(
      forwarding.fromFrame === undefined ? 'sse' : 'aws-event-stream',
    )
    return new PassThroughProtocol(attempt, dialect, { forwarding, createFrameDecoder })
  }

  prepare(adjustments: readonly Adjustment[]): PreparedRequest {
    return this.#prepare('messages', adjustments)
  }

  prepareCount(adjustments: readonly Adjustment[]): PreparedRequest {
    return this.#prepare('count_tokens', adjustments)
  }

  read(response: Response, { stream }: PreparedRequest) {
    const { target } = this.#attempt
    const { requestedModel } = this.#attempt.request
    const { fromFrame } = this.#forwarding
    const createDecoder = this.#createFrameDecoder
    const isFramed = fromFrame !== undefined && isAwsEventStream(response.headers)
    const isRenamed = requestedModel !== target.model
    return {
      response,
      reading: toReading({
        provider: target.provider,
        readError: (body) => readErrorEvent(body, this.#host()),
        ...(isRenamed ? { rename: (json) => replaceModel(json, requestedModel) } : {}),
        ...(isFramed
          ? { frames: { createDecoder, toEvents: (frame) => fromFrame(frame, target) } }
          : {}),
      }),
      headers: pick(
        response.headers,
        hasForm(response, stream) ? ['content-type', ...responseHeaders] : responseHeaders,
      ),
    }
  }

  /** Returns the body as received, since it may also contain what was removed from the context. */
  readCount(text: string): string | undefined {
    return asCount(asObject(parseJson(text))?.['input_tokens']) === undefined ? undefined : text
  }

  toAnswer(): undefined {
    return undefined
  }

  /** An error is passed on as received where a client acts on it as it should. */
  readFailure(reply: UpstreamReply): UpstreamRefusal {
    const { failure, isOriginal } = readErrorReply(reply, this.#host())
    const { status, body, headers } = reply
    const raw = {
      status,
      body,
      headers: {
        // The wait, and that waiting cannot help, may be only in the message.
        ...toErrorReply(failure).headers,
        ...pick(headers, ['content-type', ...responseHeaders]),
      },
    }
    return { failure, raw: isOriginal ? raw : undefined }
  }

  #host(): Host {
    const { target } = this.#attempt
    return { ...target, isAnthropic: !toHostQuirks(target.quirks).omit_refused }
  }

  #prepare(endpoint: Endpoint, adjustments: readonly Adjustment[]): PreparedRequest {
    const { target, request, report } = this.#attempt
    const { headers } = request
    const json = toExact(request.body)
    const compacted = request.context?.forAnthropic(json) ?? json
    const readable = request.serverTools?.forAnthropic(compacted) ?? compacted
    const client = adjustClient(readable, adjustments, report)
    const sent: ClientBody =
      client === json ? { text: request.body.text, json } : toClientBody(client)
    const header = adjustBetas(headers.get('anthropic-beta'), adjustments, report)
    const body = adaptToHost(sent, header, target.quirks, report)
    const betas = this.#dialect.betasInBody === true ? [] : body.betas
    return {
      url: toUpstreamUrl(target, this.#forwarding.path(endpoint, target.model, body.json)),
      headers: {
        'anthropic-version': '2023-06-01',
        ...pick(headers, requestHeaders),
        ...(betas.length === 0 ? {} : { 'anthropic-beta': betas.join(',') }),
        'content-type': 'application/json',
        'accept-encoding': 'identity',
        ...target.headers,
      },
      body: unmarkExact(this.#forwarding.toBody(body, target.model, endpoint)),
      stream: client['stream'] === true,
      draft: {
        client,
        upstream: undefined,
        host: body.omitsRefused ? { betas: body.betas } : undefined,
      },
    }
  }
}

/** Whether a response is declared to have the requested form. */
function hasForm({ headers }: Response, stream: boolean): boolean {
  const type = stream ? 'text/event-stream' : 'application/json'
  return headers.get('content-type')?.startsWith(type) === true
}

function isAwsEventStream(headers: Headers): boolean {
  return headers.get('content-type')?.startsWith('application/vnd.amazon.eventstream') === true
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
