/**
 * Sends one attempt's request, and retries it with a repair if the upstream refuses something
 * optional.
 */
import { GatewayError } from '../../anthropic/error.ts'
import type { ResolvedTarget } from '../../catalog/resolve/resolved-target.ts'
import type { UpstreamReply } from '../../dialects/dialect.ts'
import type { Fetch } from '../../platform/fetch.ts'
import { aiGatewayRequestHeaders } from '../../providers/ai-gateway.ts'
import type { Timeouts } from '../../streaming/timers.ts'
import { isJson, readErrorReply, send } from '../../upstream/send.ts'
import type { Adjustment } from '../policy/adjustments.ts'
import type { Refusal } from '../policy/refusal.ts'
import type { ClientRequest } from '../request/request.ts'
import { gatewayHeaders } from './gateway-headers.ts'
import type {
  Attempt,
  PreparedRequest,
  Protocol,
  UpstreamBody,
  UpstreamRefusal,
} from './protocol.ts'

/** The maximal number of repairs of one request, each of which is a retry. */
const maxRepairs = 3

/** One attempt's request. */
export class RequestSender {
  readonly #attempt: Attempt
  readonly #protocol: Protocol
  readonly #prepare: (adjustments: readonly Adjustment[]) => PreparedRequest
  readonly #intermediaryHeaders: Record<string, string>
  readonly #fetch: Fetch
  readonly #learned: readonly Adjustment[]
  readonly #repairs: Adjustment[] = []
  #prepared: PreparedRequest
  /** The gateway's response headers. */
  #headers: Record<string, string>

  /**
   * Prepares the request. Throws a GatewayError if the target does not support it, or in strict
   * mode not without a loss.
   */
  constructor(attempt: Attempt, protocol: Protocol, endpoint: 'messages' | 'count_tokens') {
    const { target, services, request } = attempt
    this.#attempt = attempt
    this.#protocol = protocol
    this.#prepare =
      endpoint === 'messages'
        ? (adjustments) => this.#protocol.prepare(adjustments)
        : (adjustments) => toCountable(this.#protocol.prepareCount(adjustments))
    this.#intermediaryHeaders = toIntermediaryHeaders(request, target)
    this.#fetch = toFetch(attempt)
    this.#learned = services.adjustments.of(target.name, services.now())
    this.#prepared = this.#prepare(this.#learned)
    this.#headers = gatewayHeaders(attempt)
  }

  /** Requests a message. Throws a GatewayError if there is no response. */
  async send(): Promise<UpstreamBody | UpstreamRefusal> {
    const { stream } = this.#prepared
    const timeouts = toTimeouts(this.#attempt.target, stream)
    const reply = await this.#postRepaired(timeouts)
    if ('refused' in reply) {
      return this.#protocol.readFailure(reply.refused)
    }
    const { response, reading, headers } = this.#protocol.read(reply.response, this.#prepared)
    return {
      source: {
        body: response.body ?? new Blob([]).stream(),
        isDocument: isJson(response),
        reading,
        timeouts,
        sentAt: reply.sentAt,
      },
      headers: { ...headers, ...this.#headers },
    }
  }

  /** Requests a token count; undefined if the upstream gives none. Throws as {@link send} does. */
  async count(maxMs: number): Promise<Response | undefined> {
    const reply = await this.#postRepaired({ headMs: maxMs, idleMs: maxMs })
    if ('refused' in reply) {
      return undefined
    }
    const { headers } = this.#protocol.read(reply.response, this.#prepared)
    const text = await this.#readText(reply.response)
    const body = text === undefined ? undefined : this.#protocol.readCount(text)
    return body === undefined
      ? undefined
      : new Response(body, {
          headers: { 'content-type': 'application/json', ...headers, ...this.#headers },
        })
  }

  /** Repairs the request after a refusal; returns whether it can be retried. */
  async repair(refusal: Refusal): Promise<boolean> {
    if (this.#repairs.length === maxRepairs) {
      return false
    }
    const { findRepair } = await import('./repairs.ts')
    const { draft } = this.#prepared
    const adjustment = findRepair(refusal, draft, [...this.#learned, ...this.#repairs])
    if (adjustment === undefined) {
      return false
    }
    this.#repairs.push(adjustment)
    this.#prepared = this.#prepare([...this.#learned, ...this.#repairs])
    this.#headers = gatewayHeaders(this.#attempt)
    return true
  }

  async #postRepaired(
    timeouts: Pick<Timeouts, 'headMs' | 'idleMs'>,
  ): Promise<{ response: Response; sentAt: number } | { refused: UpstreamReply }> {
    const { services, target, request } = this.#attempt
    for (;;) {
      const sentAt = services.now()
      const response = await this.#post(timeouts.headMs)
      if (response.ok) {
        for (const adjustment of this.#repairs) {
          services.adjustments.learn(target.name, adjustment, sentAt)
        }
        return { response, sentAt }
      }
      const { client, timers } = request
      const reply = await readErrorReply(response, { client, timers, maxMs: timeouts.idleMs })
      const refused = withoutSecret(reply, target.secret)
      if (!(await this.repair(refused))) {
        const answer = this.#protocol.toAnswer(refused)
        return answer === undefined ? { refused } : { response: answer, sentAt }
      }
    }
  }

  #post(headMs: number): Promise<Response> {
    const { services, target, request } = this.#attempt
    const { url, headers, body } = this.#prepared
    const { provider, auth: style } = target
    return send(this.#fetch, {
      provider,
      url,
      headers,
      body,
      authorize: async (unauthorized) => ({
        ...(await services.authorize({ provider, style, secret: target.secret }, unauthorized)),
        ...this.#intermediaryHeaders,
      }),
      client: request.client,
      timers: request.timers,
      headMs,
    })
  }

  /** Reads a body as text; undefined if it is truncated. */
  async #readText(response: Response): Promise<string | undefined> {
    try {
      return await response.text()
    } catch (error) {
      if (this.#attempt.request.client.disconnected) {
        throw error
      }
      return undefined
    }
  }
}

/** Shorter ones may be words. */
const leastSecretLength = 8

/** The reply without the credential that was sent, which no pattern needs to recognize. */
function withoutSecret(reply: UpstreamReply, secret = ''): UpstreamReply {
  return secret.length >= leastSecretLength && reply.body.includes(secret)
    ? { ...reply, body: reply.body.replaceAll(secret, '[redacted]') }
    : reply
}

function toCountable(prepared: PreparedRequest | undefined): PreparedRequest {
  if (prepared === undefined) {
    throw new GatewayError({ kind: 'not_found', message: 'This upstream does not count tokens.' })
  }
  return prepared
}

/** The provider's own fetch, such as a binding, or the platform's. */
function toFetch({ services, target, request }: Attempt): Fetch {
  const { fetch } = target
  return fetch === undefined
    ? services.fetch
    : (url, init) => fetch(new Request(url, init), request.config.binding)
}

/** The headers for an AI gateway between this one and the provider. */
function toIntermediaryHeaders(
  { config, key }: ClientRequest,
  { aiGateway, provider }: ResolvedTarget,
): Record<string, string> {
  if (aiGateway === undefined) {
    return {}
  }
  const { secret } = aiGateway
  const token = secret === undefined ? undefined : config.secret(secret)
  if (secret !== undefined && token === undefined) {
    throw new GatewayError({
      kind: 'misconfigured',
      message: `provider ${provider} is not configured: secret ${secret} of its AI gateway is missing`,
    })
  }
  return aiGatewayRequestHeaders(token, key.id)
}

/** The upstream's timeouts. The headers of a non-streaming response arrive with the body. */
function toTimeouts({ timeouts }: ResolvedTarget, stream: boolean): Timeouts {
  const { connect_seconds, first_byte_seconds, idle_seconds, total_seconds } = timeouts
  const firstByteMs = first_byte_seconds * 1000
  return {
    headMs: stream ? Math.min(connect_seconds * 1000, firstByteMs) : firstByteMs,
    firstByteMs,
    idleMs: idle_seconds * 1000,
    totalMs: total_seconds * 1000,
  }
}
