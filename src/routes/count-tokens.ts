/**
 * `POST /v1/messages/count_tokens`. Estimated here for translated upstreams: no round trip, no cost.
 * Claude Code asks 25 times in a row, and takes the answer at its word.
 */
import type { Context } from 'hono'

import { GatewayError } from '../anthropic/error.ts'
import { countTokensRequest, parseRequest } from '../anthropic/request.ts'
import { checkRules } from '../anthropic/rules.ts'
import type { AppEnv, Dependencies } from '../app-env.ts'
import type { Registries } from '../catalog/registries.ts'
import { estimateTokens } from '../tokens/estimate.ts'
import type { Body } from './body.ts'
import { readBody } from './body.ts'
import type { Call } from './call.ts'
import { createCall, toTargetName } from './call.ts'
import type { GetCatalog } from './catalog.ts'
import { chooseUpstream } from './choose-upstream.ts'
import { answerPassedThrough } from './passed-through.ts'

/** The handler. Throws a GatewayError for what cannot be counted. */
export function answerCountTokens(
  dependencies: Dependencies,
  registries: Registries,
  getCatalog: GetCatalog,
) {
  return async function postCountTokens(c: Context<AppEnv>): Promise<Response> {
    const body = await readBody(c.req.raw)
    const { catalog } = await getCatalog(c.get('config'))
    const chosen = chooseUpstream(c, catalog, registries, body)
    const { dialect, countsTokens } = chosen.upstream
    if (dialect.kind === 'pass-through' && countsTokens) {
      const call = createCall(c, dependencies, { body, ...chosen })
      return (
        (await ask(() => answerPassedThrough(call, dialect, 'count_tokens'))) ??
        countHere(body, chosen)
      )
    }
    return countHere(body, chosen)
  }
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
async function ask(count: () => Promise<Response>): Promise<Response | undefined> {
  try {
    const response = await count()
    return response.status === 404 || response.status === 405 || response.status >= 500
      ? undefined
      : response
  } catch (error) {
    if (error instanceof GatewayError) {
      return undefined
    }
    throw error
  }
}
