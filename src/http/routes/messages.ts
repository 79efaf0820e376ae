/** Handles `POST /v1/messages` and `POST /v1/messages/count_tokens`. */
import type { Context } from 'hono'

import type { JsonObject } from '../../anthropic/json.ts'
import { asCount, asObject, asString } from '../../anthropic/json.ts'
import { toServerToolSettings } from '../../catalog/server-tools.ts'
import { answer } from '../../exchange/answer.ts'
import type { Config } from '../../exchange/config.ts'
import { countTokens } from '../../exchange/count.ts'
import { admit } from '../../exchange/metering/admit.ts'
import { Prompt } from '../../exchange/request/prompt.ts'
import type { ClientRequest } from '../../exchange/request/request.ts'
import type { Services } from '../../exchange/request/services.ts'
import { toSessionKey } from '../../exchange/request/session-key.ts'
import type { AttemptTarget } from '../../exchange/request/targets.ts'
import { chooseTargets } from '../../exchange/request/targets.ts'
import { needsLedger } from '../../keys/limits.ts'
import type { ServerTools } from '../../server-tools/server-tools.ts'
import type { ServerToolSettings } from '../../server-tools/settings.ts'
import { usesServerTools } from '../../server-tools/uses-server-tools.ts'
import { ClientConnection } from '../../streaming/client-connection.ts'
import { RequestTimers } from '../../streaming/timers.ts'
import { readBody } from '../body.ts'
import type { AppEnv } from '../env.ts'
import type { GetCatalog } from './catalog.ts'

type Handler = (c: Context<AppEnv>) => Promise<Response>

/** Creates the handler of `POST /v1/messages`. */
export function postMessages(services: Services, getCatalog: GetCatalog): Handler {
  return async (c) => {
    const { request, targets } = await admitRequest(c, services, getCatalog, 'messages')
    return answer(services, request, targets)
  }
}

/** Creates the handler of `POST /v1/messages/count_tokens`. */
export function postCountTokens(services: Services, getCatalog: GetCatalog): Handler {
  return async (c) => {
    const { request, targets } = await admitRequest(c, services, getCatalog, 'count_tokens')
    return countTokens(services, request, targets[0])
  }
}

/** Loads the code of server tools only if a request has to do with them. */
async function findServerTools(
  json: JsonObject,
  settings: ServerToolSettings | undefined,
  { services, config }: { services: Services; config: Config },
): Promise<ServerTools> {
  const { loadServerTools } = await import('../../server-tools/server-tools.ts')
  const { fetch, now } = services
  return loadServerTools(json, settings, { fetch, now, ...config })
}

/**
 * Reads a request, chooses its targets and admits it. Throws a GatewayError if any of that fails.
 */
async function admitRequest(
  c: Context<AppEnv>,
  services: Services,
  getCatalog: GetCatalog,
  kind: 'messages' | 'count_tokens',
): Promise<{ request: ClientRequest; targets: readonly [AttemptTarget, ...AttemptTarget[]] }> {
  const { exchange, key, group, config } = c.var
  const { headers } = c.req.raw
  const body = await readBody(c.req.raw)
  const { json } = body
  const { catalog } = await getCatalog(config)
  const chosen = chooseTargets({ exchange, services, catalog, key, group, config, headers, json })
  const prompt = new Prompt(body, chosen.targets[0].model)
  if (needsLedger(key.limits) || (group !== undefined && needsLedger(group.limits))) {
    // A client that disconnects must not leave its reservation open.
    c.executionCtx.waitUntil(exchange.over)
  }
  const maxTokens = asCount(json['max_tokens'])
  const estimateInput = (): number => prompt.estimateInput()
  const userId = asString(asObject(json['metadata'])?.['user_id'])
  const serverTools = usesServerTools(json)
    ? await findServerTools(json, toServerToolSettings(catalog, chosen.model), { services, config })
    : undefined
  const terms = { speed: asString(json['speed']), inference_geo: asString(json['inference_geo']) }
  const asked = { kind, key, group, headers, ...chosen, maxTokens, estimateInput, userId, terms }
  const waitUntil = (promise: Promise<unknown>): void => c.executionCtx.waitUntil(promise)
  const { cachedPrompts } = services
  await admit(exchange, asked, { ledgers: config.ledgers, waitUntil, cachedPrompts })
  const request = {
    exchange,
    headers,
    body,
    prompt,
    keyId: key.id,
    requestedModel: chosen.requestedModel,
    model: chosen.model,
    serverTools,
    sessionKey: kind === 'messages' ? await toSessionKey(key.id, headers, json) : undefined,
    config,
    client: new ClientConnection(c.req.raw),
    timers: new RequestTimers(services.now),
    waitUntil,
  }
  return { request, targets: chosen.targets }
}
