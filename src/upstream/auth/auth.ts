/** Authorizes requests with a provider's secret. No client credential ever comes here. */
import type { Fetch } from '../../platform/fetch.ts'
import { signAws } from './aws-signature.ts'
import type { Authorize } from './credential.ts'
import { createGoogleTokens } from './google-token.ts'

/**
 * An authorizer for one isolate: it retains the tokens that secrets were exchanged for until shortly
 * before they expire.
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
