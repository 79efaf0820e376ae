/** Answers one request of a client with a response. */
import type { Message } from '../anthropic/answer/wire/message.ts'
import { createReport } from '../anthropic/report.ts'
import type { RelayResult } from '../streaming/relay.ts'
import type { Form } from '../streaming/response-format.ts'
import type { AnswerSource } from './answer-source.ts'
import { failureResponse } from './failure-response.ts'
import { prepareAnswer } from './preparation/prepare-answer.ts'
import { adaptedHeader, gatewayHeaders } from './protocols/gateway-headers.ts'
import { toServerTiming } from './record/to-server-timing.ts'
import { relayAnswer } from './relay-answer.ts'
import type { ClientRequest } from './request/request.ts'
import type { Services } from './request/services.ts'
import type { AttemptTarget } from './request/targets.ts'

/**
 * Answers a request. `targets` are in order of preference. A failure before the first byte
 * determines the status.
 */
export async function answer(
  services: Services,
  request: ClientRequest,
  targets: readonly AttemptTarget[],
): Promise<Response> {
  const { exchange, body } = request
  const form = body.json['stream'] === true ? 'events' : 'message'
  exchange.streamRequested(form === 'events')
  const [best] = targets
  if (best?.dialect.kind === 'translated' && body.json['max_tokens'] === 0) {
    return answerWarmUp(services, request, best)
  }
  const prepared = await prepareAnswer(services, request, targets)
  const answered = await relayAnswer(services, prepared, targets, { form, pings: true })
  exchange.headersReady()
  return toResponse(answered.opened, form, { request, attempts: answered.attempts })
}

function toResponse(
  opened: RelayResult,
  form: Form,
  {
    request: { exchange },
    attempts: { raw, headers: own },
  }: { request: ClientRequest; attempts: AnswerSource },
): Response {
  const headers = { ...own, 'server-timing': toServerTiming(exchange.record) }
  if ('failure' in opened) {
    return raw === undefined
      ? withHeaders(failureResponse(exchange, opened.failure), headers)
      : new Response(raw.body, { status: raw.status, headers: { ...raw.headers, ...headers } })
  }
  // Answers are repaired too: what is known of that by now.
  Object.assign(headers, adaptedHeader(exchange.record.adaptations))
  if ('message' in opened) {
    return new Response(opened.message, {
      headers: { 'content-type': 'application/json', ...headers },
    })
  }
  const unbuffered = { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' }
  const type = form === 'events' ? 'text/event-stream; charset=utf-8' : 'application/json'
  return new Response(opened.body, { headers: { 'content-type': type, ...headers, ...unbuffered } })
}

function withHeaders(response: Response, headers: Record<string, string>): Response {
  for (const [name, value] of Object.entries(headers)) {
    response.headers.set(name, value)
  }
  return response
}

/**
 * Answers `max_tokens: 0`, a request to warm a cache, for translated upstreams, which reject it;
 * only Anthropic's own servers support that.
 */
function answerWarmUp(services: Services, request: ClientRequest, target: AttemptTarget): Response {
  // A warm-up is rejected like any other request that cannot be translated.
  request.prompt.canonical()
  const message: Message = {
    id: services.newId('msg_'),
    type: 'message',
    role: 'assistant',
    model: request.requestedModel,
    content: [],
    stop_reason: 'max_tokens',
    stop_sequence: null,
    usage: {
      input_tokens: request.prompt.estimateInput(),
      output_tokens: 0,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
    },
  }
  const attempt = { services, request, target, report: createReport() }
  return Response.json(message, { headers: gatewayHeaders(attempt) })
}
