/**
 * `POST /v1/messages/count_tokens`. Estimated here for translated upstreams (no round trip, no cost)
 * unless the catalogue wants their own count. Claude Code asks 25 times in a row, and takes the answer
 * at its word.
 */
import type { Context } from 'hono'

import { GatewayError } from '../../anthropic/error.ts'
import { parseJson } from '../../anthropic/json.ts'
import { countTokensRequest, parseRequest } from '../../anthropic/request/request.ts'
import { checkRules } from '../../anthropic/request/rules.ts'
import type { BoundDialect } from '../../dialects/dialect.ts'
import type { PassThrough } from '../../dialects/pass-through.ts'
import { answerHeaders, toTargetName } from '../../exchange/answer-headers.ts'
import type { Attempt, CallDependencies } from '../../exchange/call.ts'
import { createCall, toAttempt } from '../../exchange/call.ts'
import type { Target } from '../../exchange/choose-upstream.ts'
import { chooseTargets } from '../../exchange/choose-upstream.ts'
import { forward, pickHeaders, toForward } from '../../exchange/passed-through.ts'
import type { ClientConnection } from '../../streaming/client-connection.ts'
import { estimateTokens } from '../../tokens/estimate.ts'
import { send } from '../../upstream/send.ts'
import { toUpstreamUrl } from '../../upstream/upstream-url.ts'
import type { Body } from '../body.ts'
import { readBody, toWellFormed } from '../body.ts'
import type { AppEnv } from '../env.ts'
import { admitRequest } from './admit.ts'
import type { GetCatalog } from './catalog.ts'

/** An estimate is at hand, so a count is not worth a longer wait. */
const maxCountMs = 10_000

/** The handler. Throws a GatewayError for what cannot be counted. */
export function answerCountTokens(dependencies: CallDependencies, getCatalog: GetCatalog) {
  return async function postCountTokens(c: Context<AppEnv>): Promise<Response> {
    const body = await readBody(c.req.raw)
    const { catalog } = await getCatalog(c.get('config'))
    const chosen = chooseTargets(c, body, { ...dependencies, catalog })
    const [target] = chosen.targets
    if (target === undefined) {
      throw new GatewayError({ kind: 'unknown_model', model: chosen.requestedModel })
    }
    // Nothing is reserved for what costs nothing.
    await admitRequest(c, { kind: 'count_tokens', ...chosen, maxTokens: 0, estimateInput: () => 0 })
    c.get('exchange').targeted(toTargetName(target.name), target.upstream.provider)
    if (!target.upstream.countsTokens) {
      return countHere(body, target)
    }
    const call = createCall(c, dependencies, { body, ...chosen })
    const counted = await ask(() => countThere(toAttempt(call, target)))
    call.client.release()
    return counted ?? countHere(body, target)
  }
}

/** Asks the upstream; undefined where its dialect or its answer has no count. */
async function countThere(attempt: Attempt): Promise<Response | undefined> {
  const { dialect } = attempt.target
  return dialect.kind === 'pass-through'
    ? countPassed(attempt, dialect)
    : countTranslated(attempt, dialect)
}

async function countTranslated(
  attempt: Attempt,
  { counter }: BoundDialect,
): Promise<Response | undefined> {
  if (counter === undefined) {
    return undefined
  }
  const { upstream, body, report, client, timers, fetch, signOn } = attempt
  const request = parseRequest(countTokensRequest, toWellFormed(body))
  checkRules(request)
  const counted = counter.toRequest(request, { report })
  if (counted === undefined) {
    return undefined
  }
  const { path, body: prompt, headers } = counted
  const response = await send(fetch, {
    provider: upstream.provider,
    url: toUpstreamUrl(upstream, path),
    headers: { 'content-type': 'application/json', ...upstream.headers, ...headers },
    authorize: signOn,
    body: JSON.stringify(prompt),
    client,
    timers,
    headMs: maxCountMs,
  })
  const text = await readText(response, client)
  const count = text === undefined ? undefined : counter.readCount(parseJson(text))
  return !response.ok || count === undefined
    ? undefined
    : Response.json({ input_tokens: count }, { headers: answerHeaders(attempt) })
}

/** As it came: beside the count there may be what was left out of the context. */
async function countPassed(attempt: Attempt, dialect: PassThrough): Promise<Response | undefined> {
  const request = toForward(attempt, dialect, 'count_tokens')
  const headers = answerHeaders(attempt)
  const response = await forward(attempt, request, maxCountMs)
  const text = await readText(response, attempt.client)
  return response.ok && text !== undefined
    ? new Response(text, { headers: { ...pickHeaders(response), ...headers } })
    : undefined
}

/** Undefined where it breaks off. */
async function readText(response: Response, client: ClientConnection): Promise<string | undefined> {
  try {
    return await response.text()
  } catch (error) {
    if (client.disconnected) {
      throw error
    }
    return undefined
  }
}

function countHere({ json }: Body, { name, upstream }: Target): Response {
  const request = parseRequest(countTokensRequest, json)
  checkRules(request)
  return Response.json(
    { input_tokens: estimateTokens(request, upstream.model) },
    { headers: { 'gateway-model': toTargetName(name) } },
  )
}

/** Undefined where the upstream has no counter or does not count: an estimate is better than nothing. */
async function ask(count: () => Promise<Response | undefined>): Promise<Response | undefined> {
  try {
    return await count()
  } catch (error) {
    if (error instanceof GatewayError) {
      return undefined
    }
    throw error
  }
}
