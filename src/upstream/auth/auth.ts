/** Authorizes requests with a provider's secret, never with a client's credential. */
import type { Fetch } from '../../platform/fetch.ts'
import type { Authorize } from './credential.ts'
import type { GoogleToken } from './google-token.ts'

/**
 * Creates the authorizer of one isolate, which caches the tokens that secrets were exchanged for
 * until shortly before they expire. It throws a GatewayError if a secret is invalid for its style,
 * or rejected.
 */
export function createAuthorizer(platform: { fetch: Fetch; now: () => number }): Authorize {
  let googleToken: GoogleToken | undefined
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
        return (await import('./aws-signature.ts')).signAws(
          secret,
          provider,
          request,
          platform.now(),
        )
      case 'google-oauth': {
        const { createGoogleTokens } = await import('./google-token.ts')
        googleToken ??= createGoogleTokens(platform)
        return { authorization: `Bearer ${await googleToken(secret, provider)}` }
      }
    }
  }
}
