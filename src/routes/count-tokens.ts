/**
 * `POST /v1/messages/count_tokens`. Estimated here for translated upstreams (no round trip, no cost)
 * unless the catalogue wants their own count. Claude Code asks 25 times in a row, and takes the answer
 * at its word.
 */
import type { Context } from 'hono'

import { GatewayError } from '../anthropic/error.ts'
import { parseJson } from '../anthropic/json.ts'
import { countTokensRequest, parseRequest } from '../anthropic/request.ts'
import { checkRules } from '../anthropic/rules.ts'
import type { AppEnv } from '../app-env.ts'
import type { Registries } from '../catalog/registries.ts'
import type { BoundDialect } from '../dialects/dialect.ts'
import { estimateTokens } from '../tokens/estimate.ts'
import { send } from '../upstream/send.ts'
import type { Body } from './body.ts'
import { readBody } from './body.ts'
import type { Call, CallDependencies } from './call.ts'
import { answerHeaders, createCall, toTargetName } from './call.ts'
import type { GetCatalog } from './catalog.ts'
import { chooseUpstream } from './choose-upstream.ts'
import { answerPassedThrough } from './passed-through.ts'

/** The handler. Throws a GatewayError for what cannot be counted. */
export function answerCountTokens(
  dependencies: CallDependencies,
  registries: Registries,
  getCatalog: GetCatalog,
) {
  return async function postCountTokens(c: Context<AppEnv>): Promise<Response> {
    const body = await readBody(c.req.raw)
    const { catalog } = await getCatalog(c.get('config'))
    const chosen = chooseUpstream(c, catalog, registries, body)
    const { dialect, countsTokens, quirks } = chosen.upstream
    if (!countsTokens) {
      return countHere(body, chosen)
    }
    const call = createCall(c, dependencies, { body, ...chosen })
    const counted = await ask(() =>
      dialect.kind === 'pass-through'
        ? answerPassedThrough(call, dialect, 'count_tokens')
        : countThere(call, dialect.bind(chosen.upstream, quirks)),
    )
    return counted ?? countHere(body, chosen)
  }
}

/** Asks the upstream; undefined where its dialect or its answer has no count. */
async function countThere(call: Call, { counter }: BoundDialect): Promise<Response | undefined> {
  if (counter === undefined) {
    return undefined
  }
  const { upstream, body, report, signal, fetch, authorize } = call
  const request = parseRequest(countTokensRequest, body.json)
  checkRules(request)
  const { path, body: prompt, headers } = counter.toRequest(request, { report })
  const response = await send(fetch, {
    provider: upstream.provider,
    url: upstream.baseUrl + path,
    headers: { 'content-type': 'application/json', ...upstream.headers, ...headers },
    authorize,
    body: JSON.stringify(prompt),
    signal,
  })
  const count = counter.readCount(parseJson(await response.text()))
  return !response.ok || count === undefined
    ? undefined
    : Response.json({ input_tokens: count }, { headers: answerHeaders(call) })
}

function countHere({ json }: Body, { upstream }: Pick<Call, 'upstream'>): Response {
  const request = parseRequest(countTokensRequest, json)
  checkRules(request)
  return Response.json(
    { input_tokens: estimateTokens(request) },
    { headers: { 'gateway-model': toTargetName(upstream) } },
  )
}

/** Undefined where the upstream has no counter or cannot be asked: an estimate is better than nothing. */
async function ask(count: () => Promise<Response | undefined>): Promise<Response | undefined> {
  try {
    const response = await count()
    return response === undefined ||
      response.status === 404 ||
      response.status === 405 ||
      response.status >= 500
      ? undefined
      : response
  } catch (error) {
    if (error instanceof GatewayError) {
      return undefined
    }
    throw error
  }
}
