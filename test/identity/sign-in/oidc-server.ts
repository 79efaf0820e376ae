/** A real OpenID Connect provider on 127.0.0.1. Whoever types a name there is that person. */
import { once } from 'node:events'
import { createServer } from 'node:http'

import { Provider } from 'oidc-provider'

export const clientSecret = 'a-client-secret'

export interface OidcServer {
  issuer: string
  /** Claims of a person, by subject, beside the address; changed by tests. */
  claims: Map<string, object>
  close: () => void
}

/** Starts it with one client, `gateway`. Persons of it have the address `<subject>@example.com`. */
export async function startOidcServer(redirectUri: string): Promise<OidcServer> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const issuer = `http://127.0.0.1:${port}`
  const claims: OidcServer['claims'] = new Map()
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'gateway', client_secret: clientSecret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['groups', 'hd'] },
    // As many providers do it: other claims are only at the userinfo endpoint.
    conformIdTokenClaims: true,
    cookies: { keys: ['a-key-of-a-test'] },
    ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    findAccount: (_: unknown, sub: string) => ({
      accountId: sub,
      claims: async () => ({
        sub,
        email: `${sub}@example.com`,
        email_verified: true,
        ...claims.get(sub),
      }),
    }),
    renderError: async (context: { body: string }, out: object) => {
      context.body = JSON.stringify(out)
    },
  })
  server.on('request', provider.callback())
  return { issuer, claims, close: () => server.close() }
}
