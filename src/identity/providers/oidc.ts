/** Signs persons in by the authorization code flow of OpenID Connect, with PKCE. */
import type { AuthorizationServer, Client as OauthClient } from 'oauth4webapi'
import * as oauth from 'oauth4webapi'

import type { OidcProvider } from '../../catalog/schema/sign-in.ts'
import type { Handshake } from '../grants/browser-flow.ts'
import type { Person } from '../persons/person.ts'
import { SignInRefused } from '../refused.ts'
import type { Claims } from './claims.ts'
import { findUnmetClaim, toPerson } from './claims.ts'
import type { Issuers } from './issuers.ts'

/** Seconds by which the clock of a provider may be wrong. */
export const clockToleranceSeconds = 60

const defaultScopes = ['openid', 'email', 'profile']

/**
 * Returns the URL that the browser is sent to, and what is checked when it comes back. `name`: the provider's in the
 * catalog.
 */
export async function beginAtProvider(
  issuers: Issuers,
  name: string,
  provider: OidcProvider,
  redirectUri: string,
): Promise<{ url: string; handshake: Handshake }> {
  const { authorization_endpoint: endpoint } = await discover(issuers, provider)
  if (endpoint === undefined) {
    throw new SignInRefused(`The provider ${provider.issuer} has no sign-in page.`)
  }
  const handshake = {
    provider: name,
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
  }
  const url = new URL(endpoint)
  const parameters = {
    client_id: provider.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    // A form that is posted back would be blocked by the page's policy.
    response_mode: 'query',
    scope: (provider.scopes ?? defaultScopes).join(' '),
    state: handshake.state,
    nonce: handshake.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(handshake.verifier),
    code_challenge_method: 'S256',
  }
  for (const [key, value] of Object.entries(parameters)) {
    url.searchParams.set(key, value)
  }
  return { url: url.href, handshake }
}

/** The provider's redirect back, with what the flow has stored to verify it. */
export interface Return {
  /** The URL to which the browser came back. */
  url: URL
  redirectUri: string
  handshake: Handshake
  /** The client secret, if the gateway has one. */
  secret: string | undefined
}

/** The person whom the provider has signed in. Throws a {@link SignInRefused}. */
export async function returnFromProvider(
  issuers: Issuers,
  provider: OidcProvider,
  back: Return,
): Promise<Person> {
  const server = await discover(issuers, provider)
  const client = { client_id: provider.client_id, [oauth.clockTolerance]: clockToleranceSeconds }
  try {
    const claims = await readClaims(issuers, { server, client, provider }, back)
    const unmet = findUnmetClaim(provider.require ?? {}, claims)
    if (unmet !== undefined) {
      throw new SignInRefused(
        `Your account may not use this gateway: its claim "${unmet}" has another value.`,
      )
    }
    return toPerson(server.issuer, claims, provider.groups_claim)
  } catch (error) {
    throw toRefused(error)
  }
}

interface Party {
  server: AuthorizationServer
  client: OauthClient
  provider: OidcProvider
}

async function readClaims(issuers: Issuers, party: Party, back: Return): Promise<Claims> {
  const { server, client, provider } = party
  const options = issuers.toOptions(provider.issuer)
  const parameters = oauth.validateAuthResponse(server, client, back.url, back.handshake.state)
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    toClientAuth(server, back.secret),
    parameters,
    back.redirectUri,
    back.handshake.verifier,
    options,
  )
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: back.handshake.nonce,
    requireIdToken: true,
  })
  await oauth.validateApplicationLevelSignature(server, response, options)
  const claims = oauth.getValidatedIdTokenClaims(tokens)
  if (claims === undefined) {
    throw new SignInRefused('The provider sent no ID token.')
  }
  const isComplete = ['email', provider.groups_claim ?? 'email'].every((name) => name in claims)
  if (isComplete || server.userinfo_endpoint === undefined) {
    return { ...claims }
  }
  // Some providers put only the subject into ID tokens.
  const answer = await oauth.userInfoRequest(server, client, tokens.access_token, options)
  return { ...(await oauth.processUserInfoResponse(server, client, claims.sub, answer)), ...claims }
}

function toClientAuth(server: AuthorizationServer, secret: string | undefined): oauth.ClientAuth {
  if (secret === undefined) {
    return oauth.None()
  }
  const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  return methods.includes('client_secret_basic')
    ? oauth.ClientSecretBasic(secret)
    : oauth.ClientSecretPost(secret)
}

async function discover(issuers: Issuers, { issuer }: OidcProvider): Promise<AuthorizationServer> {
  return issuers.discover(issuer).catch((error: unknown) => {
    throw new SignInRefused(`The provider ${issuer} could not be reached.`, { cause: error })
  })
}

function toRefused(error: unknown): SignInRefused {
  if (error instanceof SignInRefused) {
    return error
  }
  if (error instanceof oauth.AuthorizationResponseError) {
    const why = error.error_description ?? error.error
    return new SignInRefused(`The provider did not sign you in: ${why}`, { cause: error })
  }
  const why = error instanceof Error ? error.message : String(error)
  return new SignInRefused(`The provider's response was rejected: ${why}`, { cause: error })
}
