/** Signing in as a person, without a key: by an OpenID Connect provider, or by Cloudflare Access. */
import type { Context } from 'hono'

import { GatewayError } from '../../../anthropic/error.ts'
import type { Person } from '../../../identity/persons/person.ts'
import { findRule, toPersonId } from '../../../identity/persons/person.ts'
import { readAccess } from '../../../identity/providers/access.ts'
import { SignInRefused } from '../../../identity/refused.ts'
import type { SignInMethod } from '../../../identity/session.ts'
import { sessionMs } from '../../../identity/session.ts'
import { hashKey } from '../../../keys/key.ts'
import { flowCookie } from '../../routes/sign-in/browser.ts'
import type { Desk, OpenDesk } from '../../routes/sign-in/desk.ts'
import { refusePerson, toClient } from '../../routes/sign-in/desk.ts'
import type { ConsoleEnv } from '../env.ts'
import { startSession } from '../session/start-session.ts'

type Handler = (c: Context<ConsoleEnv>) => Promise<Response>

/** Handles `GET /console/signed-in`, to which the return from a provider leads. */
export function enterFromProvider(openDesk: OpenDesk): Handler {
  return asFailure(async (c) => {
    const desk = await openDesk(c)
    const cookie = flowCookie.read(c, desk.origin) ?? ''
    const signedIn = await desk.signIns.signedIn(cookie)
    if (signedIn?.purpose !== 'console') {
      throw new SignInRefused(
        'This sign-in has ended, or was started in another browser. Start again.',
      )
    }
    await desk.signIns.endFlow(cookie)
    flowCookie.remove(c, desk.origin)
    return enter(c, desk, signedIn.person, 'oidc')
  })
}

/** Handles `GET /console/access`. */
export function enterByAccess(openDesk: OpenDesk): Handler {
  return asFailure(async (c) => {
    const desk = await openDesk(c)
    const { settings, issuers, now } = desk
    if (settings.access === undefined) {
      throw new SignInRefused('The catalog of this gateway does not name Cloudflare Access.')
    }
    const person = await readAccess(issuers, settings.access, c.req.raw.headers, now)
    return enter(c, desk, person, 'access')
  })
}

/** Starts a session of the console, which has the rights of a hidden key of the person. */
async function enter(
  c: Context<ConsoleEnv>,
  { settings, signIns }: Desk,
  person: Person,
  method: SignInMethod,
): Promise<Response> {
  const rule = findRule(settings.people, person)
  const sessions = c.get('sessions')
  if (rule === undefined || sessions === undefined) {
    throw refusePerson(person.email)
  }
  const terms = { rule, keyMs: sessionMs, sessionMs: undefined }
  const tokens = await signIns.openSession(person, toClient(c, 'console'), terms)
  if ('refused' in tokens) {
    throw new SignInRefused(tokens.refused)
  }
  return startSession(c, sessions, {
    subject: `key:${await toPersonId(person)}`,
    name: person.email ?? person.subject,
    method,
    keyHash: await hashKey(tokens.access_token),
  })
}

/** The console has a page for failures. */
function asFailure(handler: Handler): Handler {
  return async function orFail(c) {
    try {
      return await handler(c)
    } catch (error) {
      if (error instanceof SignInRefused) {
        const failure = { kind: 'not_permitted', message: error.message } as const
        throw new GatewayError(failure, { cause: error })
      }
      throw error
    }
  }
}
