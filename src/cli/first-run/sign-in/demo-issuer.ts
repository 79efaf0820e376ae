/**
 * An OpenID Connect provider for trying sign-in on one's own machine: anyone who opens its page chooses who to
 * be. It listens on 127.0.0.1 for as long as `npm start` runs.
 */
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** Who can be chosen; the first is an operator. */
export const demoPersons = ['ada@example.com', 'ben@example.com'] as const

/** What a code identifies until it is exchanged. */
interface Login {
  email: string
  clientId: string
  nonce: string
  challenge: string
}

interface Answer {
  status: number
  type: string
  body: string
  location?: string
}

/** Starts it on a free port; returns its URL, which is the issuer. */
export async function startDemoIssuer(): Promise<string> {
  const keys = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'demo', alg: 'RS256', use: 'sig' }
  const logins = new Map<string, Login>()
  const server = createServer((request, response) => {
    const answer = async (): Promise<Answer> => {
      const url = new URL(request.url ?? '/', issuer)
      switch (url.pathname) {
        case '/.well-known/openid-configuration':
          return toJson(describe(issuer))
        case '/jwks':
          return toJson({ keys: [jwk] })
        case '/authorize':
          return authorize(url, issuer, logins)
        case '/token': {
          const claims = await redeem(request, logins)
          return claims === undefined
            ? toJson({ error: 'invalid_grant' }, 400)
            : toJson(await toTokens(claims, issuer, keys.privateKey))
        }
        default:
          return toJson({ error: 'not_found' }, 404)
      }
    }
    const respond = async (): Promise<void> => {
      const { status, type, body, location } = await answer().catch(() =>
        toJson({ error: 'server_error' }, 500),
      )
      response.writeHead(status, { 'content-type': type, ...(location && { location }) })
      response.end(body)
    }
    void respond()
  })
  // It must not keep the process alive.
  server.listen(0, '127.0.0.1').unref()
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const issuer = `http://127.0.0.1:${port}`
  return issuer
}

function describe(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    authorization_response_iss_parameter_supported: true,
  }
}

/** Shows who can be chosen, or sends the one who was chosen back. */
function authorize(url: URL, issuer: string, logins: Map<string, Login>): Answer {
  const parameters = url.searchParams
  const email = demoPersons.find((person) => person === parameters.get('login'))
  if (email === undefined) {
    const links = demoPersons.map((person) => {
      const next = new URLSearchParams([...parameters, ['login', person]]).toString()
      return `<p><a href="/authorize?${next.replaceAll('&', '&amp;')}">Be ${person}</a></p>`
    })
    const body = `<!doctype html><title>Demo sign-in</title><h1>Demo sign-in</h1>${links.join('')}`
    return { status: 200, type: 'text/html; charset=utf-8', body }
  }
  const code = randomUUID()
  const [clientId, nonce, challenge] = ['client_id', 'nonce', 'code_challenge'].map(
    (name) => parameters.get(name) ?? '',
  )
  logins.set(code, {
    email,
    clientId: clientId ?? '',
    nonce: nonce ?? '',
    challenge: challenge ?? '',
  })
  const back = new URL(parameters.get('redirect_uri') ?? issuer)
  const state = parameters.get('state') ?? ''
  back.search = new URLSearchParams({ code, state, iss: issuer }).toString()
  return { status: 302, type: 'text/plain', body: '', location: back.href }
}

/** The login of a code, once, for the client that began it. */
async function redeem(
  request: IncomingMessage,
  logins: Map<string, Login>,
): Promise<Login | undefined> {
  const form = new URLSearchParams(await text(request))
  const code = form.get('code') ?? ''
  const login = logins.get(code)
  logins.delete(code)
  const verifier = form.get('code_verifier') ?? ''
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  return login?.challenge === challenge ? login : undefined
}

async function toTokens(
  { email, clientId, nonce }: Login,
  issuer: string,
  key: CryptoKey,
): Promise<object> {
  const token = await new SignJWT({ email, email_verified: true, nonce })
    .setProtectedHeader({ alg: 'RS256', kid: 'demo' })
    .setIssuer(issuer)
    .setAudience(clientId)
    .setSubject(email)
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(key)
  return { access_token: randomUUID(), token_type: 'Bearer', expires_in: 300, id_token: token }
}

function toJson(value: object, status = 200): Answer {
  return { status, type: 'application/json', body: JSON.stringify(value) }
}
