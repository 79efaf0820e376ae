/** A provider's secret on its way up. No client credential ever comes here. */
import type { AuthStyle } from '../../dialects/dialect.ts'
import type { Fetch } from '../send.ts'
import { signAws } from './aws-signature.ts'
import { createGoogleTokens } from './google-token.ts'

/** A secret, and how its provider wants it. */
export interface Credential {
  /** The provider's name, for failures. */
  provider: string
  style: AuthStyle
  /** Absent where the provider asks for none. */
  secret: string | undefined
}

/** A request that is complete but for its credential: styles that sign need all of it. */
export interface Unauthorized {
  url: string
  headers: Readonly<Record<string, string>>
  body: string | Uint8Array
}

/** The headers that carry a credential for a request; none where there is none to carry. */
export type Authorize = (
  credential: Credential,
  request: Unauthorized,
) => Promise<Record<string, string>>

/**
 * For one isolate: tokens that a secret was exchanged for are kept until shortly before they expire.
 * Throws a GatewayError where a secret is not what its style needs, or is refused.
 */
export function createAuthorizer(platform: { fetch: Fetch; now: () => number }): Authorize {
  const googleToken = createGoogleTokens(platform)
  return async function authorize({ provider, style, secret }, request) {
    if (secret === undefined) {
      return {}
    }
    switch (style) {
      case 'none':
        return {}
      case 'bearer':
        return { authorization: `Bearer ${secret}` }
      case 'x-api-key':
      case 'api-key':
      case 'x-goog-api-key':
        return { [style]: secret }
      case 'sigv4':
        return signAws(secret, provider, request, platform.now())
      case 'google-oauth':
        return { authorization: `Bearer ${await googleToken(secret, provider)}` }
    }
  }
}
