/** An endpoint under test, for one check: requests go over plain HTTP, and leave evidence. */
import type { JsonObject } from '../../../anthropic/json.ts'
import { MalformedAnswer, need } from '../finding.ts'
import { readEvents } from '../rules/read-events.ts'
import type { StreamEvent } from '../rules/read-events.ts'
import { streamFaults } from '../rules/stream-rules.ts'
import type { Answer } from './answer.ts'
import { foldEvents, toAnswer } from './answer.ts'
import { Evidence } from './evidence.ts'
import type { Reply } from './reply.ts'
import { accepted, errorOf, readReply } from './reply.ts'

/** How an endpoint is reached. */
export interface Access {
  /** The origin, and a path if there is one before `/v1`. */
  url: string
  key: string
  model: string
  /** Milliseconds that a request may take, to the end of its body. */
  timeoutMs: number
  fetch: typeof fetch
}

/** An answer with the events that it was read from. */
export interface StreamedAnswer extends Answer {
  events: readonly StreamEvent[]
}

/** Output tokens of a request that does not set them: models may think before they answer. */
const defaultMaxTokens = 2000

/**
 * A client of the endpoint for one check. Each method sends one request and throws where the answer breaks a
 * rule.
 */
export class Endpoint {
  readonly evidence = new Evidence()
  readonly #access: Access

  constructor(access: Access) {
    this.#access = access
  }

  get access(): Access {
    return this.#access
  }

  /** Sends a request with the key. Headers that are `undefined` are not sent. */
  async send(
    path: string,
    { headers = {}, ...init }: Omit<RequestInit, 'headers'> & { headers?: HeaderFields } = {},
  ): Promise<Reply> {
    const { url, key, timeoutMs } = this.#access
    const fields: HeaderFields = {
      'x-api-key': key,
      'anthropic-version': '2023-06-01',
      ...(init.body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    }
    this.evidence.requests += 1
    const response = await this.#access.fetch(url + path, {
      ...init,
      redirect: 'manual',
      headers: Object.entries(fields).flatMap(([name, value]): [string, string][] =>
        value === undefined ? [] : [[name, value]],
      ),
      signal: AbortSignal.timeout(timeoutMs),
    })
    this.evidence.addHeaders(response.headers)
    return readReply(response)
  }

  /** Posts JSON. */
  async post(path: string, body: unknown, headers: HeaderFields = {}): Promise<Reply> {
    return this.send(path, { method: 'POST', body: JSON.stringify(body), headers })
  }

  /** Posts a Messages request of these fields and returns the response, whatever it is. */
  async try(fields: JsonObject, headers: HeaderFields = {}): Promise<Reply> {
    return this.post('/v1/messages', this.#toBody(fields), headers)
  }

  /** Posts a Messages request that must be answered by a message. Throws a Rejection or CheckFailure. */
  async ask(fields: JsonObject, headers: HeaderFields = {}): Promise<Answer> {
    const reply = accepted(await this.try(fields, headers))
    need(reply.json !== undefined, 'the answer is not JSON')
    const answer = toAnswer(reply, reply.json)
    this.evidence.addUsage(answer.usage)
    return answer
  }

  /** Posts a Messages request that must be answered by a stream without a fault and without an error. */
  async stream(
    fields: JsonObject,
    { path = '/v1/messages', headers = {} }: { path?: string; headers?: HeaderFields } = {},
  ): Promise<StreamedAnswer> {
    const body = this.#toBody({ stream: true, ...fields })
    const answer = this.#readStream(accepted(await this.post(path, body, headers)))
    const error = answer.events.find(({ name }) => name === 'error')
    need(error === undefined, `the stream ends in an error: ${error?.data}`)
    need(!answer.reply.isBroken, 'the connection was closed within the stream')
    return answer
  }

  /** Posts a streaming request that the upstream breaks, and returns what came; null if it was rejected. */
  async streamFailing(fields: JsonObject): Promise<StreamedAnswer | null> {
    const reply = await this.try({ stream: true, ...fields })
    if (reply.status === 200) {
      return this.#readStream(reply)
    }
    need(errorOf(reply.json) !== undefined, `${reply.status} without an error in the envelope`)
    return null
  }

  #readStream(reply: Reply): StreamedAnswer {
    const stream = readEvents(reply.text)
    const faults = streamFaults(stream)
    const isTruncated =
      reply.isBroken && faults.length === 1 && faults[0] === 'message_stop is missing'
    if (faults.length > 0 && !isTruncated) {
      throw new MalformedAnswer(`invalid stream: ${[...new Set(faults)].slice(0, 3).join('; ')}`)
    }
    const answer = toAnswer(reply, foldEvents(stream.events))
    this.evidence.addUsage(answer.usage)
    return { ...answer, events: stream.events }
  }

  #toBody(fields: JsonObject): JsonObject {
    return { model: this.#access.model, max_tokens: defaultMaxTokens, ...fields }
  }
}

/** Headers of a request by name; undefined removes a default one. */
export type HeaderFields = Record<string, string | undefined>
