/**
 * The person whom Cloudflare Access has signed in before the request reached the Worker
 * (https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/validating-json/).
 */
import { jwtVerify } from 'jose'

import type { AccessSettings } from '../../catalog/schema/sign-in.ts'
import type { Person } from '../persons/person.ts'
import { SignInRefused } from '../refused.ts'
import { toPerson } from './claims.ts'
import type { Issuers } from './issuers.ts'
import { clockToleranceSeconds } from './oidc.ts'

/** Access adds it; the cookie with the same token does not always arrive. */
const header = 'cf-access-jwt-assertion'

/**
 * Reads and verifies the token of a request. Throws a {@link SignInRefused}, also if there is none: a request
 * by way of a host name that Access does not protect has none.
 */
export async function readAccess(
  issuers: Issuers,
  { team, audience, groups_claim: groupsClaim }: AccessSettings,
  headers: Headers,
  now: number,
): Promise<Person> {
  const token = headers.get(header)
  if (token === null) {
    throw new SignInRefused(
      'This page must be opened through Cloudflare Access, which signs you in: the request has no Access token.',
    )
  }
  const issuer = `https://${team}`
  const { payload } = await jwtVerify(token, issuers.keysAt(`${issuer}/cdn-cgi/access/certs`), {
    issuer,
    audience,
    algorithms: ['RS256'],
    requiredClaims: ['exp', 'iat'],
    clockTolerance: clockToleranceSeconds,
    currentDate: new Date(now),
  }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error)
    throw new SignInRefused(`The Cloudflare Access token was rejected: ${why}`, {
      cause: error,
    })
  })
  return toPerson(issuer, payload, groupsClaim)
}
