/** An issuer without a server: its documents, keys and tokens, which tests make as wrong as they need. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

import { Issuers } from '../../../src/identity/providers/issuers.ts'

export const now = Date.parse('2026-11-28T12:00:00Z')

export interface Claims {
  [name: string]: unknown
}

export class FakeIssuer {
  readonly url: string
  readonly issuers: Issuers
  /** What the token endpoint answers; set by tests. */
  tokens: object = {}
  /** Bodies that the token endpoint received. */
  readonly received: string[] = []
  readonly #keys = generateKeyPair('RS256')
  readonly #foreign = generateKeyPair('RS256')

  constructor(url = 'https://id.example') {
    this.url = url
    this.issuers = new Issuers({
      fetch: (target, init) => this.answer(target, init),
      now: () => now,
    })
  }

  /** Signs claims; `seconds` from now are for times. */
  async sign(claims: Claims, { alg = 'RS256', foreign = false } = {}): Promise<string> {
    const { privateKey } = await (foreign ? this.#foreign : this.#keys)
    return new SignJWT(claims).setProtectedHeader({ alg, kid: 'k' }).sign(privateKey)
  }

  /** Answers as the issuer's server. */
  async answer(target: string, init: RequestInit): Promise<Response> {
    const { url } = this
    switch (target) {
      case `${url}/.well-known/openid-configuration`:
        return Response.json({
          issuer: url,
          authorization_endpoint: `${url}/authorize`,
          token_endpoint: `${url}/token`,
          jwks_uri: `${url}/jwks`,
        })
      case `${url}/jwks`:
      case `${url}/cdn-cgi/access/certs`: {
        const { publicKey } = await this.#keys
        return Response.json({
          keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256' }],
        })
      }
      case `${url}/token`:
        this.received.push(await new Response(init.body ?? null).text())
        return Response.json({ access_token: 'a', token_type: 'bearer', ...this.tokens })
      default:
        return new Response('', { status: 404 })
    }
  }
}
