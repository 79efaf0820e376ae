/** Handles `POST /v1/messages` and `POST /v1/messages/count_tokens`. */
import type { Context } from 'hono'

import { answer } from '../../exchange/answer.ts'
import { countTokens } from '../../exchange/count.ts'
import { startRecording } from '../../exchange/recording/start-recording.ts'
import type { OpenedRequest } from '../../exchange/request/open-request.ts'
import { openRequest } from '../../exchange/request/open-request.ts'
import type { Services } from '../../exchange/request/services.ts'
import { ClientConnection } from '../../streaming/client-connection.ts'
import { RequestTimers } from '../../streaming/timers.ts'
import { readBody } from '../body.ts'
import type { AppEnv } from '../env.ts'
import type { Tools } from '../middleware/record.ts'
import { recordExchange } from '../middleware/record.ts'
import type { TracedContext } from '../middleware/trace.ts'
import { traceModelRequest } from '../middleware/trace.ts'
import type { GetCatalog } from './catalog.ts'

/** What a request needs of its context, of this app or of one within it. */
export type MessagesContext = Pick<Context<AppEnv>, 'req'> & TracedContext

/** Answers a request to `/v1/messages`. */
export type MessagesHandler = (c: MessagesContext) => Promise<Response>

/** Creates the handler of `POST /v1/messages`. */
export function postMessages(
  services: Services,
  getCatalog: GetCatalog,
  tools: Tools,
): MessagesHandler {
  const open = createOpen(services, getCatalog, tools)
  return async (c) => {
    const { request, targets } = await open(c, 'messages')
    const recorder = startRecording(request, tools.writeLog)
    if (recorder === undefined) {
      return answer(services, request, targets)
    }
    // What the client asked is kept before the answer releases it.
    const following = await recorder
    return following.follow(await answer(services, request, targets))
  }
}

/** Creates the handler of `POST /v1/messages/count_tokens`. */
export function postCountTokens(
  services: Services,
  getCatalog: GetCatalog,
  tools: Tools,
): MessagesHandler {
  const open = createOpen(services, getCatalog, tools)
  return async (c) => {
    const { request, targets } = await open(c, 'count_tokens')
    return countTokens(services, request, targets[0])
  }
}

/**
 * Creates the function that reads a request, chooses its targets and admits it. That throws a GatewayError if
 * any of it fails.
 */
function createOpen(services: Services, getCatalog: GetCatalog, tools: Tools) {
  return async function open(
    c: MessagesContext,
    kind: 'messages' | 'count_tokens',
  ): Promise<OpenedRequest> {
    const { exchange, key, group, config } = readVariables(c)
    const { method, path, raw } = c.req
    const hold = services.longBodies.open(key.id)
    void exchange.over.then(() => hold.release())
    const body = await readBody(raw, hold)
    body.hold = hold
    const observed = traceModelRequest(c, body.json)
    if (observed !== undefined) {
      await observed
    }
    const { catalog } = await getCatalog(config)
    const waitUntil = (promise: Promise<unknown>): void => c.executionCtx.waitUntil(promise)
    const origin = {
      exchange,
      url: raw.url,
      headers: raw.headers,
      key,
      group,
      catalog,
      config,
      client: new ClientConnection(raw),
      timers: new RequestTimers(services.now),
      waitUntil,
      record: (own: typeof exchange, status: number) =>
        recordExchange(
          { method, path, status: () => status, config, spans: undefined, waitUntil },
          own,
          tools,
        ),
    }
    return openRequest(services, origin, kind, body)
  }
}

/** Like `c.var`, which copies all variables for each request. */
function readVariables(
  c: MessagesContext,
): Pick<AppEnv['Variables'], 'exchange' | 'key' | 'group' | 'config'> {
  return {
    exchange: c.get('exchange'),
    key: c.get('key'),
    group: c.get('group'),
    config: c.get('config'),
  }
}
