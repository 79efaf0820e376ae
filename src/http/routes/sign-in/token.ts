/** `POST /oauth/token` and `/oauth/revoke`: keys for approved devices, for sessions, and for pipelines. */
import type { Context } from 'hono'

import type { Poll } from '../../../identity/grants/device-grant.ts'
import { identifyWorkload } from '../../../identity/providers/workload.ts'
import { SignInRefused } from '../../../identity/refused.ts'
import type { Refusal, Tokens } from '../../../identity/tokens/person-sessions.ts'
import { readRecordByHash } from '../../../keys/authenticate.ts'
import { hashKey, parseKey } from '../../../keys/key.ts'
import type { AppEnv } from '../../env.ts'
import type { Desk } from './desk.ts'
import { readForm, requireRule, toClient, toKeyMs, toTerms } from './desk.ts'
import { grantTypes } from './grant-types.ts'
import { refuseOauth } from './oauth-error.ts'

/** Handles `POST /oauth/token`. */
export async function answerToken(c: Context<AppEnv>, desk: Desk): Promise<Response> {
  const form = await readForm(c)
  try {
    switch (form.get('grant_type')) {
      case grantTypes.device:
        return await answerDevice(c, desk, form.get('device_code') ?? '')
      case grantTypes.refresh:
        return await answerRefreshToken(c, desk, form.get('refresh_token') ?? '')
      case grantTypes.exchange:
        return await answerExchange(c, desk, form)
      default:
        return refuseOauth(
          c,
          400,
          'unsupported_grant_type',
          `grant_type must be ${Object.values(grantTypes).join(', ')}.`,
        )
    }
  } catch (error) {
    if (error instanceof SignInRefused) {
      return refuseOauth(c, 400, 'access_denied', error.message)
    }
    throw error
  }
}

/** Handles `POST /oauth/revoke` (RFC 7009): ends the session of a key or refresh token. */
export async function answerRevoke(
  c: Context<AppEnv>,
  { signIns, config }: Desk,
): Promise<Response> {
  const token = (await readForm(c)).get('token') ?? ''
  if (parseKey(token) === undefined) {
    await signIns.endSessionOf(token)
  } else {
    const record = await readRecordByHash(config.keys, await hashKey(token))
    // A key that was not issued by sign-in is revoked by its operator.
    if (record?.session !== undefined) {
      await signIns.endSessions(record.id, record.session)
    }
  }
  // Also for a token that is unknown, as RFC 7009 requires.
  return c.body(null, 200)
}

async function answerDevice(c: Context<AppEnv>, desk: Desk, code: string): Promise<Response> {
  const { signIns, settings } = desk
  const poll = await signIns.pollGrant(code)
  if (typeof poll === 'string') {
    return refuseOauth(c, 400, poll, descriptions[poll])
  }
  const terms = toTerms(settings, requireRule(settings, poll.approvedBy))
  return answerTokens(c, await signIns.openSession(poll.approvedBy, poll.client, terms))
}

const descriptions: Record<Extract<Poll, string>, string> = {
  authorization_pending: 'The code has not been approved yet.',
  slow_down: 'Poll less often: the interval is now 5 seconds longer.',
  access_denied: 'The sign-in was denied.',
  expired_token: 'The code has expired. Start again.',
  invalid_grant: 'The device_code is unknown or was already used.',
}

async function answerRefreshToken(
  c: Context<AppEnv>,
  { signIns, settings }: Desk,
  token: string,
): Promise<Response> {
  const terms = { people: settings.people, keyMs: toKeyMs(settings) }
  const tokens = await signIns.refreshSession(token, terms)
  return tokens === undefined
    ? refuseOauth(c, 401, 'invalid_grant', 'The session has ended. Sign in again.')
    : answerTokens(c, tokens)
}

/** Exchanges a token of a CI system (RFC 8693) for a key that cannot be refreshed. */
async function answerExchange(
  c: Context<AppEnv>,
  { signIns, settings, issuers, origin, now }: Desk,
  form: URLSearchParams,
): Promise<Response> {
  const token = form.get('subject_token') ?? ''
  const { person, workload } = await identifyWorkload(issuers, settings, token, { origin, now })
  const keyMs = (workload.minutes ?? 60) * 60_000
  const terms = { rule: workload, keyMs, sessionMs: undefined }
  const tokens = await signIns.openSession(person, toClient(c, 'pipeline'), terms)
  return answerTokens(c, tokens, {
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  })
}

function answerTokens(c: Context<AppEnv>, tokens: Tokens | Refusal, more: object = {}): Response {
  return 'refused' in tokens
    ? refuseOauth(c, 400, 'access_denied', tokens.refused)
    : c.json({ ...tokens, ...more }, { headers: { 'cache-control': 'no-store' } })
}
