import type { Message } from '../anthropic/answer/message.ts'
import type { JsonObject } from '../anthropic/json.ts'
/** An attempt at a target that speaks another protocol. */
import { reportExtraFields } from '../anthropic/request/extra-fields.ts'
import type { MessagesRequest } from '../anthropic/request/request.ts'
import { messagesRequest, parseRequest } from '../anthropic/request/request.ts'
import { withoutRefusedThoughts } from '../anthropic/request/thoughts.ts'
import type { BoundDialect, UpstreamReply, UpstreamRequest } from '../dialects/dialect.ts'
import { toWellFormed } from '../http/body.ts'
import { isJson, readErrorReply, send } from '../upstream/send.ts'
import { toUpstreamUrl } from '../upstream/upstream-url.ts'
import { answerHeaders, toTargetName } from './answer-headers.ts'
import type { Opening } from './attempts.ts'
import type { Attempt, Call } from './call.ts'
import { toTimeouts } from './call.ts'
import { findRefusedField } from './policy/refused-field.ts'
import { leaveOut } from './refused.ts'

/** Tokens above which an answer in one piece may take longer than proxies wait (docs/decisions/011). */
const longAnswer = 4096

/**
 * Translates the request anew, so that nothing of an earlier attempt is left in it; what it returns
 * sends it. Throws a GatewayError where the target cannot take the request, or not in strict mode.
 */
export function prepareTranslated(
  attempt: Attempt,
  dialect: BoundDialect,
  request: MessagesRequest,
  sessionKey: string | undefined,
): () => Promise<Opening> {
  const { upstream, body, report, target } = attempt
  reportExtraFields(body.json, toTargetName(target.name), report)
  const translate: Translate = (asked) => {
    const stream = asked.stream === true || (upstream.streamsPlain ?? asked.max_tokens > longAnswer)
    const translated = dialect.toRequest(
      { ...asked, stream },
      { report, ...(sessionKey === undefined ? {} : { sessionKey }) },
    )
    return leaveOut(translated, attempt.refusedFields.of(target.name), asked, report)
  }
  const upstreamRequest = translate(request)
  const headers = answerHeaders(attempt)
  return () => openOrMend(attempt, dialect, request, { upstreamRequest, headers, translate })
}

type Translate = (request: MessagesRequest) => UpstreamRequest

interface Sending {
  upstreamRequest: UpstreamRequest
  headers: Record<string, string>
  translate: Translate
}

/**
 * Where the upstream refuses a field that it can be asked without, or what others made of the model's
 * earlier thoughts, it is asked without it, once.
 */
async function openOrMend(
  attempt: Attempt,
  dialect: BoundDialect,
  request: MessagesRequest,
  { upstreamRequest, headers, translate }: Sending,
): Promise<Opening> {
  const { refusedFields, target, report, body } = attempt
  const { refusal, ...opening } = await open(attempt, dialect, upstreamRequest, headers)
  const left = refusal && withoutRefusedThoughts(refusal, toWellFormed(body))
  if (left !== undefined) {
    return openWithoutThoughts(attempt, dialect, left, translate)
  }
  const refused = refusal && findRefusedField(refusal, { ...upstreamRequest.body })
  if (refused === undefined) {
    return opening
  }
  const fitting = leaveOut(upstreamRequest, [refused], request, report)
  const { refusal: _, ...mended } = await open(attempt, dialect, fitting, answerHeaders(attempt))
  if ('source' in mended) {
    refusedFields.learn(target.name, refused)
  }
  return mended
}

async function openWithoutThoughts(
  attempt: Attempt,
  dialect: BoundDialect,
  json: JsonObject,
  translate: Translate,
): Promise<Opening> {
  attempt.report.drop('messages.thinking')
  const upstreamRequest = translate(parseRequest(messagesRequest, json))
  const { refusal: _, ...opening } = await open(
    attempt,
    dialect,
    upstreamRequest,
    answerHeaders(attempt),
  )
  return opening
}

/** `refusal` is the upstream's own word. */
async function open(
  { upstream, client, timers, fetch, signOn, newId }: Attempt,
  dialect: BoundDialect,
  { path, body, headers: more, stream, toolNames, enforceStops }: UpstreamRequest,
  headers: Record<string, string>,
): Promise<Opening & { refusal?: UpstreamReply }> {
  const { provider } = upstream
  const timeouts = toTimeouts(upstream, stream)
  const sentAt = timers.now()
  const response = await send(fetch, {
    provider,
    url: toUpstreamUrl(upstream, path),
    headers: {
      'content-type': 'application/json',
      accept: stream ? 'text/event-stream' : 'application/json',
      // A compressed stream is held back until a block is full.
      'accept-encoding': 'identity',
      ...upstream.headers,
      ...more,
    },
    authorize: signOn,
    body: JSON.stringify(body),
    client,
    timers,
    headMs: timeouts.headMs,
  })
  if (!response.ok) {
    const reply = await readErrorReply(response, { client, timers, maxMs: timeouts.idleMs })
    return { failure: dialect.toFailure(reply), refusal: reply }
  }
  const context = { toolNames, newToolId: () => newId('toolu_') }
  return {
    source: {
      body: response.body ?? new Blob([]).stream(),
      whole: isJson(response),
      reading: { kind: 'translated', provider, dialect, context, enforceStops },
      timeouts,
      sentAt,
    },
    headers,
  }
}

/** `max_tokens: 0` asks to warm a cache; translated upstreams refuse it, so it is answered here. */
export function toWarmMessage(call: Call, inputTokens: number): Message {
  return {
    id: call.newId('msg_'),
    type: 'message',
    role: 'assistant',
    model: call.requestedModel,
    content: [],
    stop_reason: 'max_tokens',
    stop_sequence: null,
    usage: {
      input_tokens: inputTokens,
      output_tokens: 0,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
    },
  }
}
