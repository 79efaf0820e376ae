/** `POST /v1/messages`: which model, which targets, and on to them. */
import type { Context } from 'hono'

import { asCount, asObject, asString } from '../../anthropic/json.ts'
import { answerHeaders } from '../../exchange/answer-headers.ts'
import { answerCall } from '../../exchange/answer.ts'
import type { Prepare } from '../../exchange/attempts.ts'
import type { Call, CallDependencies } from '../../exchange/call.ts'
import { createCall, toAttempt } from '../../exchange/call.ts'
import { chooseTargets } from '../../exchange/choose-upstream.ts'
import { preparePassed } from '../../exchange/passed-through.ts'
import type { Prompt } from '../../exchange/prompt.ts'
import { createPrompt } from '../../exchange/prompt.ts'
import { toSessionKey } from '../../exchange/session-key.ts'
import { prepareTranslated, toWarmMessage } from '../../exchange/translated.ts'
import { readBody } from '../body.ts'
import type { AppEnv } from '../env.ts'
import { admitRequest } from './admit.ts'
import type { GetCatalog } from './catalog.ts'

/** The handler. */
export function answerMessages(dependencies: CallDependencies, getCatalog: GetCatalog) {
  return async function postMessages(c: Context<AppEnv>): Promise<Response> {
    const body = await readBody(c.req.raw)
    const { catalog } = await getCatalog(c.get('config'))
    const chosen = chooseTargets(c, body, { ...dependencies, catalog })
    const prompt = createPrompt(body, chosen.targets[0]?.upstream.model)
    const maxTokens = asCount(body.json['max_tokens'])
    const { estimateInput } = prompt
    await admitRequest(c, { kind: 'messages', ...chosen, maxTokens, estimateInput })
    const call = createCall(c, dependencies, { body, ...chosen })
    const isStream = body.json['stream'] === true
    call.exchange.streamRequested(isStream)
    const warm = warmHere(call, prompt)
    if (warm !== undefined) {
      return warm
    }
    return answerCall(c, call, {
      form: isStream ? 'events' : 'message',
      prepare: createPrepare(await nameSession(call), prompt),
      prompt,
    })
  }
}

function createPrepare(sessionKey: string | undefined, { canonical }: Prompt): Prepare {
  return (attempt) => {
    const { dialect } = attempt.target
    return dialect.kind === 'pass-through'
      ? preparePassed(attempt, dialect)
      : prepareTranslated(attempt, dialect, canonical(), sessionKey)
  }
}

/** Only Anthropic's own servers have a cache to warm by a request that wants no answer. */
function warmHere(call: Call, { canonical, estimateInput }: Prompt): Response | undefined {
  const [target] = call.targets
  if (call.body.json['max_tokens'] !== 0 || target?.dialect.kind !== 'bound') {
    return undefined
  }
  // A warm-up is refused like any other request that cannot be translated.
  canonical()
  const message = toWarmMessage(call, estimateInput())
  return Response.json(message, { headers: answerHeaders(toAttempt(call, target)) })
}

async function nameSession({ headers, body }: Call): Promise<string | undefined> {
  return toSessionKey(headers, asString(asObject(body.json['metadata'])?.['user_id']))
}
