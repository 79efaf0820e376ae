/**
 * Records one request that has opted in: what the client asked, and what it was answered, beside what the log line
 * says. Loaded at the first such request.
 */
import { MessageFold } from '../../anthropic/answer/fold.ts'
import type { StreamEvent } from '../../anthropic/answer/wire/message.ts'
import { isObject, parseJson } from '../../anthropic/json.ts'
import { concatenate } from '../../platform/bytes.ts'
import { openStore } from '../../store/open-store.ts'
import type { ExchangeRecord } from '../record/exchange-record.ts'
import type { ClientRequest } from '../request/request.ts'
import { toObjectName } from './object-name.ts'
import type { RecordMode } from './policy.ts'
import type { Redaction } from './redact.ts'
import { redact } from './redact.ts'

/** Bytes of an answer that are kept; the rest is counted as cut. */
const maxAnswerBytes = 4 * 1024 * 1024

/** The header of an answer that is recorded, or may be if it fails. */
const recordedHeader = 'gateway-recorded'

/** What is recorded, what is redacted, and where the recording is written. */
export interface RecorderOptions {
  mode: Exclude<RecordMode, 'none'>
  redactions: readonly Redaction[] | undefined
  writeLog: (line: object) => void
}

/** Records one exchange as one log line. */
export class Recorder {
  readonly #request: ClientRequest
  readonly #options: RecorderOptions
  /** Serialized before the body is released. */
  readonly #requestText: string
  readonly #chunks: Uint8Array[] = []
  #length = 0

  constructor(request: ClientRequest, options: RecorderOptions) {
    this.#request = request
    this.#options = options
    this.#requestText = JSON.stringify(request.body.json, withoutTokens)
  }

  /** Returns the response, which is recorded when the exchange is over and the client has it all, or left. */
  follow(response: Response): Response {
    const { exchange, waitUntil } = this.#request
    const { body, over } = this.#tap(response.body)
    const headers = new Headers(response.headers)
    headers.set(recordedHeader, '?1')
    const { status } = response
    const ended = Promise.all([over, exchange.over])
    waitUntil(ended.then(() => this.#store(status, headers)))
    return new Response(body, { status, headers })
  }

  /** Keeps what is read; `over` resolves when the body has ended or is canceled. */
  #tap(body: ReadableStream<Uint8Array> | null): {
    body: ReadableStream<Uint8Array> | null
    over: Promise<void>
  } {
    if (body === null) {
      return { body, over: Promise.resolve() }
    }
    const { promise: over, resolve } = Promise.withResolvers<void>()
    const reader = body.getReader()
    const keep = (chunk: Uint8Array): void => this.#keep(chunk)
    const tapped = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = await reader.read()
        if (done) {
          controller.close()
          resolve()
          return
        }
        keep(value)
        controller.enqueue(value)
      },
      async cancel(reason) {
        resolve()
        await reader.cancel(reason)
      },
    })
    return { body: tapped, over }
  }

  #keep(chunk: Uint8Array): void {
    if (this.#length + chunk.length <= maxAnswerBytes) {
      this.#chunks.push(chunk.slice())
    }
    this.#length += chunk.length
  }

  /** Never rejects: what cannot be stored is a line of the log. */
  async #store(status: number, headers: Headers): Promise<void> {
    const { exchange, config } = this.#request
    const { id, startedAt, outcome } = exchange.record
    const hasFailed = status >= 400 || outcome?.state !== 'complete'
    if (this.#options.mode === 'errors' && !hasFailed) {
      return
    }
    try {
      const env = { STORE: config.binding('STORE'), STORAGE_KEY: config.secret('STORAGE_KEY') }
      const store = await openStore(env)
      if (store === undefined) {
        throw new Error('the R2 binding STORE is missing')
      }
      await store.put(toObjectName(id, startedAt), await this.#toBytes(status, headers))
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'an unknown error'
      this.#options.writeLog({ level: 'warn', requestId: id, not_recorded: reason })
    }
  }

  async #toBytes(status: number, headers: Headers): Promise<Uint8Array> {
    const answer = new TextDecoder().decode(concatenate(this.#chunks))
    const text = JSON.stringify({
      ...describeExchange(this.#request.exchange.record),
      status,
      cut_bytes: Math.max(0, this.#length - maxAnswerBytes) || undefined,
      request: parseJson(this.#requestText),
      response: readAnswer(answer, headers),
    })
    const redacted = new Blob([redact(text, this.#options.redactions)]).stream()
    const compressed = new Response(redacted.pipeThrough(new CompressionStream('gzip')))
    return new Uint8Array(await compressed.arrayBuffer())
  }
}

/** What is known of an exchange besides its content. */
function describeExchange(record: Readonly<ExchangeRecord>): object {
  const { id, startedAt, key, trace, admission, requestedModel, target, outcome } = record
  return {
    id,
    at: new Date(startedAt).toISOString(),
    key_id: key?.id,
    group_id: key?.group,
    trace_id: trace?.traceId,
    session_id: admission?.session,
    model: requestedModel,
    target: target?.name,
    ending: outcome?.state,
    usage: outcome?.delivered.usage,
    adaptations: record.adaptations,
  }
}

/** An answer as JSON: a stream as the message that its events make, as far as it came. */
export function readAnswer(text: string, headers: Headers): unknown {
  if (headers.get('content-type')?.startsWith('text/event-stream') !== true) {
    return parseJson(text) ?? text
  }
  const events = text
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => parseJson(line.slice('data:'.length)))
    .filter(isObject)
  const error = events.find(({ type }) => type === 'error')?.['error']
  try {
    const fold = new MessageFold()
    fold.add(events.filter(isContentEvent))
    return { type: 'message', content: fold.content(), error }
  } catch {
    // Events that are not Anthropic's own.
    return events
  }
}

function isContentEvent(event: object): event is StreamEvent {
  return 'type' in event && event.type !== 'error' && event.type !== 'ping'
}

/** A replacer for `JSON.stringify`: the tokens of MCP servers are the caller's. */
function withoutTokens(key: string, value: unknown): unknown {
  return key === 'authorization_token' && typeof value === 'string' ? '[redacted]' : value
}
