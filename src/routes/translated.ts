import { GatewayError } from '../anthropic/error.ts'
import { reportExtraFields } from '../anthropic/extra-fields.ts'
/** Answers a call whose upstream speaks another protocol. */
import { foldMessage } from '../anthropic/fold.ts'
import type { Message } from '../anthropic/message.ts'
import type { MessagesRequest } from '../anthropic/request.ts'
import { messagesRequest, parseRequest } from '../anthropic/request.ts'
import { checkRules } from '../anthropic/rules.ts'
import type { BoundDialect, UpstreamRequest } from '../dialects/dialect.ts'
import { estimateTokens } from '../tokens/estimate.ts'
import type { Source } from '../upstream/pump.ts'
import { pump } from '../upstream/pump.ts'
import type { ReencoderOptions } from '../upstream/reencoder.ts'
import { createReencoder, readWhole } from '../upstream/reencoder.ts'
import { readErrorReply, send } from '../upstream/send.ts'
import type { Call } from './call.ts'
import { answerHeaders, toTargetName } from './call.ts'
import { toErrorType } from './errors.ts'
import { toSessionKey } from './session-key.ts'

/** Silence after which the client hears something; half of what the shortest-fused proxies allow. */
const pingAfterMs = 10_000

/** Throws a GatewayError for every failure that comes before the first event. */
export async function answerTranslated(call: Call, dialect: BoundDialect): Promise<Response> {
  const request = parseRequest(messagesRequest, call.body.json)
  checkRules(request)
  reportExtraFields(call.body.json, toTargetName(call.upstream), call.report)
  const sessionKey = await toSessionKey(call.headers, request.metadata?.user_id)
  const upstreamRequest = dialect.toRequest(request, {
    report: call.report,
    ...(sessionKey === undefined ? {} : { sessionKey }),
  })
  const headers = answerHeaders(call)
  call.log.stream = request.stream === true
  if (request.max_tokens === 0) {
    return Response.json(toWarmMessage(call, request), { headers })
  }
  const open = (): Promise<Source> => openUpstream(call, dialect, upstreamRequest)
  const options = toReencoderOptions(call, dialect, request, upstreamRequest)
  return request.stream === true
    ? answerStream(call, open, options, headers)
    : answerWhole(call, open, options, headers)
}

async function openUpstream(
  call: Call,
  dialect: BoundDialect,
  { path, body, headers, stream }: UpstreamRequest,
): Promise<Source> {
  const { upstream, signal, fetch, authorize } = call
  try {
    const response = await send(fetch, {
      provider: upstream.provider,
      url: upstream.baseUrl + path,
      headers: {
        'content-type': 'application/json',
        accept: stream ? 'text/event-stream' : 'application/json',
        // A compressed stream is held back until a block is full.
        'accept-encoding': 'identity',
        ...upstream.headers,
        ...headers,
      },
      authorize,
      body: JSON.stringify(body),
      signal,
    })
    if (!response.ok) {
      return { failure: dialect.toFailure(await readErrorReply(response)) }
    }
    return { body: response.body ?? new Blob([]).stream() }
  } catch (error) {
    if (error instanceof GatewayError) {
      return { failure: error.failure }
    }
    throw error
  }
}

function toReencoderOptions(
  call: Call,
  dialect: BoundDialect,
  request: MessagesRequest,
  { toolNames, enforceStops }: UpstreamRequest,
): ReencoderOptions {
  const { newId } = call
  let estimate: number | undefined
  return {
    id: newId('msg_'),
    model: call.requestedModel,
    requestId: call.requestId,
    estimatedInput: () => (estimate ??= estimateTokens(request)),
    enforceStops,
    dialect,
    provider: call.upstream.provider,
    context: { toolNames, newToolId: () => newId('toolu_') },
  }
}

async function answerStream(
  call: Call,
  open: () => Promise<Source>,
  options: ReencoderOptions,
  headers: Record<string, string>,
): Promise<Response> {
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  const { log, signal, waitUntil } = call
  const reencoder = createReencoder(options)
  const opened = await pump(open, reencoder, {
    provider: options.provider,
    signal,
    waitUntil,
    pingAfterMs,
    onEnd(ending, error) {
      log.ending = ending
      if (reencoder.answer.failure !== undefined) {
        log.errorType = toErrorType(reencoder.answer.failure)
      }
      if (reencoder.answer.usage !== undefined) {
        log.usage = reencoder.answer.usage
      }
      if (error !== undefined) {
        log.bug = error instanceof Error ? (error.stack ?? error.message) : 'not an Error'
      }
      resolve()
    },
  })
  if ('failure' in opened) {
    throw new GatewayError(opened.failure)
  }
  log.ended = ended
  return new Response(opened.body, {
    headers: {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    },
  })
}

async function answerWhole(
  call: Call,
  open: () => Promise<Source>,
  options: ReencoderOptions,
  headers: Record<string, string>,
): Promise<Response> {
  const source = await open()
  if ('failure' in source) {
    throw new GatewayError(source.failure)
  }
  const bytes = await new Response(source.body).bytes().catch((error: unknown) => {
    const { provider } = options
    throw new GatewayError({ kind: 'upstream_cut', provider }, { cause: error })
  })
  const { events, answer } = readWhole(bytes, options)
  if (answer.failure !== undefined) {
    throw new GatewayError(answer.failure)
  }
  if (answer.usage !== undefined) {
    call.log.usage = answer.usage
  }
  return Response.json(foldMessage(events), { headers })
}

/** `max_tokens: 0` asks to warm a cache; translated upstreams refuse it, so it is answered here. */
function toWarmMessage(call: Call, request: MessagesRequest): Message {
  return {
    id: call.newId('msg_'),
    type: 'message',
    role: 'assistant',
    model: call.requestedModel,
    content: [],
    stop_reason: 'max_tokens',
    stop_sequence: null,
    usage: {
      input_tokens: estimateTokens(request),
      output_tokens: 0,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
    },
  }
}
