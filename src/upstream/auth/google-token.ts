/**
 * Access tokens of Google Cloud: a service account signs a claim with its key, and the token
 * endpoint returns a token that is valid for an hour
 * (https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests).
 */
import { SignJWT, importPKCS8 } from 'jose'

import type { Failure } from '../../anthropic/error.ts'
import { GatewayError } from '../../anthropic/error.ts'
import { asObject, asString, parseJson } from '../../anthropic/json.ts'
import { BoundedCache, cacheBounds } from '../../platform/bounded-cache.ts'
import type { Fetch } from '../../platform/fetch.ts'

/** The key file of a service account. */
interface ServiceAccount {
  email: string
  privateKey: string
  keyId: string | undefined
  tokenUri: string
}

interface Token {
  text: string
  /** When the token must no longer be used, in milliseconds since the epoch. */
  staleAt: number
}

const scope = 'https://www.googleapis.com/auth/cloud-platform'
const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const lifetimeSeconds = 3600
/** A token is not used in its last seconds, since the answer to a request may take long. */
const marginSeconds = 300

/** Gets an access token for a key file. */
export type GoogleToken = (secret: string, provider: string) => Promise<string>

/**
 * Returns a function from a key file to an access token. Tokens are cached; pending requests for
 * them are not.
 */
export function createGoogleTokens({
  fetch,
  now,
}: {
  fetch: Fetch
  now: () => number
}): GoogleToken {
  const tokens = new BoundedCache<Token>(cacheBounds.googleTokens)
  return async function googleToken(secret, provider) {
    const cached = tokens.get(secret)
    if (cached !== undefined && now() < cached.staleAt) {
      return cached.text
    }
    const account = readAccount(secret)
    if (account === undefined) {
      throw new GatewayError(misconfigured(provider))
    }
    const assertion = await sign(account, now()).catch((error: unknown) => {
      throw new GatewayError(misconfigured(provider), { cause: error })
    })
    const token = await exchange(fetch, { account, assertion, provider, now })
    tokens.set(secret, token)
    return token.text
  }
}

function readAccount(secret: string): ServiceAccount | undefined {
  const file = asObject(parseJson(secret))
  const email = asString(file?.['client_email'])
  const privateKey = asString(file?.['private_key'])
  const tokenUri = asString(file?.['token_uri'])
  return email === undefined || privateKey === undefined || tokenUri === undefined
    ? undefined
    : { email, privateKey, tokenUri, keyId: asString(file?.['private_key_id']) }
}

async function sign(
  { email, privateKey, keyId, tokenUri }: ServiceAccount,
  nowMs: number,
): Promise<string> {
  const key = await importPKCS8(privateKey, 'RS256')
  const issuedAt = Math.floor(nowMs / 1000)
  return new SignJWT({ scope })
    .setProtectedHeader({
      alg: 'RS256',
      typ: 'JWT',
      ...(keyId === undefined ? {} : { kid: keyId }),
    })
    .setIssuer(email)
    .setAudience(tokenUri)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(key)
}

interface Exchange {
  account: ServiceAccount
  assertion: string
  provider: string
  now: () => number
}

async function exchange(
  fetch: Fetch,
  { account, assertion, provider, now }: Exchange,
): Promise<Token> {
  const requestedAt = now()
  const response = await fetch(account.tokenUri, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: grantType, assertion }),
    redirect: 'manual',
  }).catch((error: unknown) => {
    throw new GatewayError({ kind: 'upstream_unreachable', provider }, { cause: error })
  })
  const answer = asObject(parseJson(await response.text()))
  const text = asString(answer?.['access_token'])
  if (!response.ok || text === undefined) {
    throw new GatewayError(refused(provider, response.status))
  }
  const seconds = Number(answer?.['expires_in'] ?? lifetimeSeconds)
  return { text, staleAt: requestedAt + Math.max(0, seconds - marginSeconds) * 1000 }
}

function misconfigured(provider: string): Failure {
  return {
    kind: 'misconfigured',
    message: `provider ${provider} is not configured: its secret is not the JSON key file of a Google service account (client_email, private_key, token_uri)`,
  }
}

/** The failure for a rejected claim: the operator must act, unless the token endpoint is down. */
function refused(provider: string, status: number): Failure {
  return {
    kind: 'upstream_error',
    provider,
    status: 500,
    type: 'api_error',
    message: `The token endpoint of provider ${provider} rejected the gateway's service account (HTTP ${status}). Contact the gateway's operator.`,
    upstreamStatus: status,
    ...(status >= 500 || status === 429 ? {} : { shouldRetry: false }),
  }
}
