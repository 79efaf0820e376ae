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
import { admit } from '../accounting/admit.ts'
import type { AppEnv } from '../app-env.ts'
import type { Registries } from '../catalog/registries.ts'
import type { BoundDialect } from '../dialects/dialect.ts'
import type { PassThrough } from '../dialects/pass-through.ts'
import { estimateTokens } from '../tokens/estimate.ts'
import { readErrorReply, send } from '../upstream/send.ts'
import { answerHeaders, toTargetName } from './answer-headers.ts'
import type { Body } from './body.ts'
import { readBody } from './body.ts'
import type { Attempt, CallDependencies } from './call.ts'
import { createCall, toAttempt } from './call.ts'
import type { GetCatalog } from './catalog.ts'
import type { Target } from './choose-upstream.ts'
import { chooseTargets } from './choose-upstream.ts'
import { forward, pickHeaders, toForward, toRefusal } from './passed-through.ts'

/** An estimate is at hand, so a count is not worth a longer wait. */
const maxCountMs = 10_000

/** The handler. Throws a GatewayError for what cannot be counted. */
export function answerCountTokens(
  dependencies: CallDependencies,
  registries: Registries,
  getCatalog: GetCatalog,
) {
  return async function postCountTokens(c: Context<AppEnv>): Promise<Response> {
    const body = await readBody(c.req.raw)
    const { catalog } = await getCatalog(c.get('config'))
    const chosen = chooseTargets(c, body, { ...dependencies, catalog, registries })
    const [target] = chosen.targets
    if (target === undefined) {
      throw new GatewayError({ kind: 'unknown_model', model: chosen.requestedModel })
    }
    await admit(c, { kind: 'count_tokens', catalog, ...chosen, json: body.json })
    c.get('log').target = toTargetName(target.name)
    if (!target.upstream.countsTokens) {
      return countHere(body, target)
    }
    const call = createCall(c, dependencies, { body, ...chosen })
    return (await ask(() => countThere(toAttempt(call, target)))) ?? countHere(body, target)
  }
}

/** Asks the upstream; undefined where its dialect or its answer has no count. */
async function countThere(attempt: Attempt): Promise<Response | undefined> {
  const { dialect, quirks } = attempt.upstream
  return dialect.kind === 'pass-through'
    ? countPassed(attempt, dialect)
    : countTranslated(attempt, dialect.bind(attempt.upstream, quirks))
}

async function countTranslated(
  attempt: Attempt,
  { counter }: BoundDialect,
): Promise<Response | undefined> {
  if (counter === undefined) {
    return undefined
  }
  const { upstream, body, report, signal, fetch, signOn } = attempt
  const request = parseRequest(countTokensRequest, body.json)
  checkRules(request)
  const { path, body: prompt, headers } = counter.toRequest(request, { report })
  const response = await send(fetch, {
    provider: upstream.provider,
    url: upstream.baseUrl + path,
    headers: { 'content-type': 'application/json', ...upstream.headers, ...headers },
    authorize: signOn,
    body: JSON.stringify(prompt),
    signal,
    headMs: maxCountMs,
  })
  const count = counter.readCount(parseJson(await response.text()))
  return !response.ok || count === undefined
    ? undefined
    : Response.json({ input_tokens: count }, { headers: answerHeaders(attempt) })
}

async function countPassed(attempt: Attempt, dialect: PassThrough): Promise<Response> {
  const request = toForward(attempt, dialect, 'count_tokens')
  const headers = answerHeaders(attempt)
  const response = await forward(attempt, request, maxCountMs)
  if (response.ok) {
    return new Response(response.body, { headers: { ...pickHeaders(response), ...headers } })
  }
  const { signal } = attempt
  const reply = await readErrorReply(response, { signal, maxMs: maxCountMs })
  const { failure, raw } = toRefusal(reply, dialect, attempt)
  if (raw === undefined) {
    throw new GatewayError(failure)
  }
  return new Response(raw.body, { status: raw.status, headers: { ...raw.headers, ...headers } })
}

function countHere({ json }: Body, { name, upstream }: Target): Response {
  const request = parseRequest(countTokensRequest, json)
  checkRules(request)
  return Response.json(
    { input_tokens: estimateTokens(request, upstream.model) },
    { headers: { 'gateway-model': toTargetName(name) } },
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
