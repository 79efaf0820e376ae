/**
 * The protocol of a target with another protocol than the client's: requests and answers are
 * translated.
 */
import type { PartStage } from '../../anthropic/answer/part-stage.ts'
import { toTokenCount } from '../../anthropic/answer/wire/token-count.ts'
import { unmarkExact } from '../../anthropic/exact-json.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, asString, parseJson } from '../../anthropic/json.ts'
import { reportExtraFields } from '../../anthropic/request/extra-fields.ts'
import type { MessagesRequest } from '../../anthropic/request/request.ts'
import {
  countTokensRequest,
  messagesRequest,
  parseRequest,
} from '../../anthropic/request/request.ts'
import { checkRules } from '../../anthropic/request/rules.ts'
import type { BoundDialect, UpstreamReply, UpstreamRequest } from '../../dialects/dialect.ts'
import { isOutputLimit } from '../../dialects/shared/errors/output-limit.ts'
import type { SearchBlocks } from '../../dialects/web-search.ts'
import type { ModelRequest } from '../../server-tools/server-tools.ts'
import type { CreateDecoder } from '../../streaming/decode/load-decoder.ts'
import { toUpstreamUrl } from '../../upstream/upstream-url.ts'
import { toSearchesLeft } from '../metering/searches-left.ts'
import type { Adjustment } from '../policy/adjustments.ts'
import { adjustClient, adjustUpstream } from '../policy/adjustments.ts'
import { toWellFormed } from '../request/body.ts'
import { toTargetName } from './gateway-headers.ts'
import type { Attempt, PreparedRequest, Protocol, UpstreamRefusal } from './protocol.ts'
import { toServed } from './served-fields.ts'

/**
 * The output limit in tokens above which a non-streaming answer may take longer than proxies wait
 * (docs/decisions/011).
 */
const longAnswer = 4096

/** Translates the request for each attempt separately, so that none affects another. */
export class TranslatedProtocol implements Protocol {
  readonly #attempt: Attempt
  readonly #dialect: BoundDialect
  readonly #createDecoder: CreateDecoder
  readonly #client: JsonObject
  /** Whether that is the client's request as it was sent. */
  readonly #isOwn: boolean
  /** The request where it has to do with server tools. */
  readonly #served: ModelRequest | undefined
  /** The stage of the request that was prepared last; undefined if it cites nothing. */
  #createCitationStage: (() => PartStage) | undefined

  constructor(attempt: Attempt, dialect: BoundDialect, createDecoder: CreateDecoder) {
    this.#attempt = attempt
    this.#dialect = dialect
    this.#createDecoder = createDecoder
    const { body, serverTools, context } = attempt.request
    const json = toWellFormed(body)
    this.#served = serverTools?.forAnyModel(
      json,
      toSearchesLeft(attempt.request) > 0 ? dialect.search : undefined,
    )
    if (this.#served?.webSearch !== undefined) {
      attempt.request.exchange.searchesPriced(dialect.search?.price)
    }
    const readable = this.#served?.json ?? json
    this.#client = context?.apply(readable, attempt.target.model) ?? readable
    this.#isOwn = this.#client === json
  }

  prepare(adjustments: readonly Adjustment[]): PreparedRequest {
    const { request, target, report } = this.#attempt
    const { prompt, sessionKey, body, serverTools, context } = request
    reportExtraFields(body.json, toTargetName(target.name), report, () => toServed(request, target))
    if (this.#served !== undefined) {
      serverTools?.report(this.#served, report)
    }
    context?.report(report)
    request.fallbacks?.report(report)
    const client = adjustClient(this.#client, adjustments, report)
    // The client's request is what has to be valid, also where another one is sent in its place.
    const own = prompt.canonical()
    const isUnchanged = client === this.#client && this.#isOwn
    const parsed = isUnchanged ? own : parseRequest(messagesRequest, client)
    const { streamsPlain } = target
    const stream = parsed.stream === true || (streamsPlain ?? parsed.max_tokens > longAnswer)
    const translated = this.#dialect.toRequest(
      { ...this.#toCitable(parsed, client), stream },
      {
        report,
        ...(sessionKey === undefined ? {} : { sessionKey }),
        webSearch: this.#served?.webSearch,
      },
    )
    const upstream = adjustUpstream(translated, adjustments, parsed, report)
    return this.#toPrepared(client, upstream, {
      accept: upstream.stream ? 'text/event-stream' : 'application/json',
      // A compressed stream is buffered until a block is full.
      'accept-encoding': 'identity',
    })
  }

  /** The request with the names of what can be cited, where it asks for citations. */
  #toCitable(parsed: MessagesRequest, client: JsonObject): MessagesRequest {
    const { request, report } = this.#attempt
    const citable = request.toCitable?.(parsed, client, report)
    this.#createCitationStage = citable?.createStage
    return citable?.request ?? parsed
  }

  prepareCount(adjustments: readonly Adjustment[]): PreparedRequest | undefined {
    const { report } = this.#attempt
    const client = adjustClient(this.#client, adjustments, report)
    const parsed = parseRequest(countTokensRequest, client)
    checkRules(parsed)
    const upstream = this.#dialect.counter?.toRequest(parsed, { report })
    return upstream && this.#toPrepared(client, upstream, {})
  }

  read(response: Response, { draft: { client, upstream } }: PreparedRequest) {
    const { services, target } = this.#attempt
    return {
      response: response,
      reading: {
        kind: 'translated' as const,
        provider: target.provider,
        dialect: this.#dialect,
        createDecoder: this.#createDecoder,
        context: {
          toolNames: upstream?.toolNames ?? new Map<string, string>(),
          tools: new Set(
            asArray(client['tools']).map(
              (tool: unknown) => asString(asObject(tool)?.['name']) ?? '',
            ),
          ),
          expectsJson: asObject(asObject(client['output_config'])?.['format']) !== undefined,
          newToolId: () => services.newId('toolu_'),
          report: this.#attempt.report,
          webSearch: this.#createSearchBlocks(),
        },
        enforceStops: upstream?.enforceStops ?? [],
        firstStage: this.#createCitationStage?.(),
        endStage: this.#attempt.request.safeguard?.createStage(),
      },
      headers: {},
    }
  }

  #createSearchBlocks(): SearchBlocks | undefined {
    const { services, request } = this.#attempt
    const { serverTools, body } = request
    return this.#served?.webSearch === undefined
      ? undefined
      : serverTools?.native?.createBlocks(asArray(body.json['messages']), services.newId)
  }

  toAnswer({ status, body }: UpstreamReply): Response | undefined {
    return status === 400 && isOutputLimit(body)
      ? new Response(body, { headers: { 'content-type': 'application/json' } })
      : undefined
  }

  readCount(text: string): string | undefined {
    const count = this.#dialect.counter?.readCount(parseJson(text))
    const { context } = this.#attempt.request
    const saved = context?.hasEdits === true ? context.savedTokens : undefined
    return count === undefined ? undefined : JSON.stringify(toTokenCount(count, saved))
  }

  readFailure(reply: UpstreamReply): UpstreamRefusal {
    return { failure: this.#dialect.toFailure(reply), raw: undefined }
  }

  #toPrepared(
    client: JsonObject,
    upstream: UpstreamRequest,
    headers: Record<string, string>,
  ): PreparedRequest {
    const { target } = this.#attempt
    return {
      url: toUpstreamUrl(target, upstream.path),
      headers: {
        'content-type': 'application/json',
        ...headers,
        ...target.headers,
        ...upstream.headers,
      },
      body: unmarkExact(JSON.stringify(upstream.body)),
      stream: upstream.stream,
      draft: { client, upstream, host: undefined },
    }
  }
}
