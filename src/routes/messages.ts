/** `POST /v1/messages`: which model, which targets, and on to them. */
import type { Context } from 'hono'

import { admit } from '../accounting/admit.ts'
import { asObject, asString } from '../anthropic/json.ts'
import type { MessagesRequest } from '../anthropic/request.ts'
import { messagesRequest, parseRequest } from '../anthropic/request.ts'
import { checkRules } from '../anthropic/rules.ts'
import { wellFormed } from '../anthropic/well-formed.ts'
import type { AppEnv } from '../app-env.ts'
import { estimateTokens } from '../tokens/estimate.ts'
import { answerHeaders } from './answer-headers.ts'
import { answerCall } from './answer.ts'
import type { Prepare } from './attempts.ts'
import type { Body } from './body.ts'
import { readBody } from './body.ts'
import type { Call, CallDependencies } from './call.ts'
import { createCall, toAttempt } from './call.ts'
import type { GetCatalog } from './catalog.ts'
import { chooseTargets } from './choose-upstream.ts'
import { preparePassed } from './passed-through.ts'
import { toSessionKey } from './session-key.ts'
import { prepareTranslated, toWarmMessage } from './translated.ts'

/** The handler. */
export function answerMessages(dependencies: CallDependencies, getCatalog: GetCatalog) {
  return async function postMessages(c: Context<AppEnv>): Promise<Response> {
    const body = await readBody(c.req.raw)
    const { catalog } = await getCatalog(c.get('config'))
    const chosen = chooseTargets(c, body, { ...dependencies, catalog })
    await admit(c, { kind: 'messages', ...chosen, json: body.json })
    const call = createCall(c, dependencies, { body, ...chosen })
    const isStream = body.json['stream'] === true
    call.log.stream = isStream
    const canonical = createCanonical(body)
    const warm = warmHere(call, canonical)
    if (warm !== undefined) {
      return warm
    }
    return answerCall(c, call, {
      form: isStream ? 'events' : 'message',
      prepare: createPrepare(await nameSession(call), canonical),
      estimatedInput: () => estimateTokens(canonical(), chosen.targets[0]?.upstream.model),
    })
  }
}

/** Throws a GatewayError `invalid_request`. Parsed when a target asks for it, once. */
type Canonical = () => MessagesRequest

function createCanonical({ json, text }: Body): Canonical {
  let request: MessagesRequest | undefined
  return () => {
    if (request === undefined) {
      const parsed = parseRequest(messagesRequest, wellFormed(json, text))
      checkRules(parsed)
      request = parsed
    }
    return request
  }
}

function createPrepare(sessionKey: string | undefined, canonical: Canonical): Prepare {
  return (attempt) => {
    const { dialect } = attempt.target
    return dialect.kind === 'pass-through'
      ? preparePassed(attempt, dialect)
      : prepareTranslated(attempt, dialect, canonical(), sessionKey)
  }
}

/** Only Anthropic's own servers have a cache to warm by a request that wants no answer. */
function warmHere(call: Call, canonical: Canonical): Response | undefined {
  const [target] = call.targets
  if (call.body.json['max_tokens'] !== 0 || target?.dialect.kind !== 'bound') {
    return undefined
  }
  const message = toWarmMessage(call, canonical())
  return Response.json(message, { headers: answerHeaders(toAttempt(call, target)) })
}

async function nameSession({ headers, body }: Call): Promise<string | undefined> {
  return toSessionKey(headers, asString(asObject(body.json['metadata'])?.['user_id']))
}
