import { toErrorReply } from '../../anthropic/error-reply.ts'
/**
 * A question of the gateway's own to a model, while it answers a client: through the same targets, limits, log
 * and prices as a request of that client's, whose key pays for it.
 */
import type { Failure } from '../../anthropic/error.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { parseJson } from '../../anthropic/json.ts'
import { pickHeaders } from '../../platform/fetch.ts'
import { ClientConnection } from '../../streaming/client-connection.ts'
import { childOf } from '../../telemetry/trace-context.ts'
import { answerNonStreaming } from '../answer-non-streaming.ts'
import type { Purpose } from '../record/exchange-record.ts'
import { Exchange } from '../record/exchange.ts'
import { toRequestBody } from '../request/body.ts'
import type { ClientRequest, Origin } from '../request/request.ts'
import type { Services } from '../request/services.ts'

/** A request of the gateway's own to a model: its purpose, its body, and a deadline. */
export interface OwnQuestion {
  purpose: Purpose['name']
  /** The body of a Messages request that is not streamed. */
  json: JsonObject
  /** The milliseconds after which the question is withdrawn. */
  maxMs: number
}

/** Headers that name the client's session and agent, by which usage is reported. */
const accountingHeaders = ['x-claude-code-session-id', 'x-claude-code-agent-id']

/** Resolves to the whole message, or to why there is none. */
export async function ask(
  services: Services,
  parent: ClientRequest,
  { purpose, json, maxMs }: OwnQuestion,
): Promise<{ message: unknown } | { failure: Failure }> {
  const { newId, now } = services
  const { id, trace } = parent.exchange.record
  const exchange = new Exchange(newId('req_'), now, { name: purpose, parentId: id })
  exchange.authenticated(parent.key)
  if (trace !== undefined) {
    exchange.traced(childOf(trace))
  }
  const withdrawal = new AbortController()
  const stopWaiting = parent.timers.set(maxMs, () => withdrawal.abort())
  const unsubscribe = parent.client.onDisconnect(() => withdrawal.abort())
  const origin: Origin = {
    ...parent,
    exchange,
    headers: new Headers(pickHeaders(parent.headers, accountingHeaders)),
    client: new ClientConnection(withdrawal),
  }
  let failure: Failure | undefined
  try {
    const body = toRequestBody(json)
    const answered = await answerNonStreaming(services, origin, { kind: 'messages', body })
    failure = 'failure' in answered ? answered.failure : undefined
    return 'message' in answered ? { message: parseJson(answered.message) } : answered
  } finally {
    stopWaiting()
    unsubscribe()
    parent.record(exchange, failure === undefined ? 200 : toErrorReply(failure).status)
  }
}
