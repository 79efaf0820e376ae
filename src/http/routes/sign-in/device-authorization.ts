/** Discovery, and the beginning of the device flow (RFC 8414, RFC 8628). */
import type { Context } from 'hono'

import { grantSeconds, pollSeconds } from '../../../identity/grants/device-grant.ts'
import { showUserCode } from '../../../identity/grants/user-code.ts'
import type { AppEnv } from '../../env.ts'
import type { Desk } from './desk.ts'
import { readForm, toAddress, toClient } from './desk.ts'
import { grantTypes } from './grant-types.ts'
import { refuseOauth } from './oauth-error.ts'

/** Handles `GET /.well-known/oauth-authorization-server`. There is no authorization endpoint for clients. */
export function answerDiscovery(c: Context<AppEnv>, { origin, settings }: Desk): Response {
  const grants = [grantTypes.device, grantTypes.refresh]
  return c.json({
    issuer: origin,
    device_authorization_endpoint: `${origin}/oauth/device_authorization`,
    token_endpoint: `${origin}/oauth/token`,
    revocation_endpoint: `${origin}/oauth/revoke`,
    grant_types_supported:
      settings.workloads === undefined ? grants : [...grants, grantTypes.exchange],
    response_types_supported: [],
    token_endpoint_auth_methods_supported: ['none'],
  })
}

/** Handles `POST /oauth/device_authorization`. Clients need no registration. */
export async function beginDevice(
  c: Context<AppEnv>,
  { signIns, origin, settings }: Desk,
): Promise<Response> {
  const form = await readForm(c)
  if (!(await signIns.beginAttempt('device', toAddress(c)))) {
    return refuseOauth(
      c,
      429,
      'slow_down',
      'Too many sign-ins from this address. Try again in ten minutes.',
    )
  }
  const client = toClient(c, form.get('surface') ?? form.get('client_id') ?? '')
  const { userCode, deviceCode } = await signIns.openGrant(client)
  const shown = showUserCode(userCode)
  return c.json(
    {
      device_code: deviceCode,
      user_code: shown,
      verification_uri: `${origin}/device`,
      verification_uri_complete: `${origin}/device?user_code=${shown}`,
      expires_in: grantSeconds,
      interval: pollSeconds,
      ...(settings.login_notice === undefined ? {} : { login_notice: settings.login_notice }),
    },
    { headers: { 'cache-control': 'no-store' } },
  )
}
