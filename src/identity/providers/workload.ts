/** The pipeline that an OpenID Connect token of its CI system identifies. */
import { decodeJwt, jwtVerify } from 'jose'

import type { IdentitySettings, Workload } from '../../catalog/schema/sign-in.ts'
import type { Person } from '../persons/person.ts'
import { SignInRefused } from '../refused.ts'
import { findUnmetClaim } from './claims.ts'
import type { Issuers } from './issuers.ts'
import { clockToleranceSeconds } from './oidc.ts'

/** A rule, and the holder of its keys: all pipelines of a rule share a budget. */
interface IdentifiedWorkload {
  person: Person
  workload: Workload
}

/** Finds the first rule that a token fulfills. Throws a {@link SignInRefused} with the reason of the last. */
export async function identifyWorkload(
  issuers: Issuers,
  { workloads = {} }: Pick<IdentitySettings, 'workloads'>,
  token: string,
  { origin, now }: { origin: string; now: number },
): Promise<IdentifiedWorkload> {
  const issuer = readIssuer(token)
  let refused = new SignInRefused('No rule allows tokens of this issuer.')
  for (const [name, workload] of Object.entries(workloads)) {
    if (workload.issuer === issuer) {
      const why = await findFault(issuers, workload, token, { origin, now })
      if (why === undefined) {
        return { person: { issuer, subject: `workload:${name}`, groups: [] }, workload }
      }
      refused = new SignInRefused(why)
    }
  }
  throw refused
}

function readIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch (error) {
    throw new SignInRefused('The subject_token is not a JWT.', { cause: error })
  }
}

async function findFault(
  issuers: Issuers,
  { issuer, audience, claims }: Workload,
  token: string,
  { origin, now }: { origin: string; now: number },
): Promise<string | undefined> {
  try {
    const { payload } = await jwtVerify(token, await issuers.keysOf(issuer), {
      issuer,
      audience: audience ?? origin,
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(now),
    })
    const unmet = findUnmetClaim(claims, payload)
    return unmet === undefined ? undefined : `The claim "${unmet}" of the token is not allowed.`
  } catch (error) {
    return `The token was rejected: ${error instanceof Error ? error.message : String(error)}`
  }
}
