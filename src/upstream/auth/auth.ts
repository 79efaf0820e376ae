/** Authorizes requests with a provider's secret, never with a client's credential. */
import type { Fetch } from '../../platform/fetch.ts'
import { signAws } from './aws-signature.ts'
import type { Authorize } from './credential.ts'
import { createGoogleTokens } from './google-token.ts'

/**
 * Creates the authorizer of one isolate, which caches the tokens that secrets were exchanged for
 * until shortly before they expire. It throws a GatewayError if a secret is invalid for its style,
 * or rejected.
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
