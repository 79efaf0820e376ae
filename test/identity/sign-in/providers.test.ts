/** Tokens of providers: which are accepted, and which are not. */
import { describe, expect, test } from 'vitest'

import { readAccess } from '../../../src/identity/providers/access.ts'
import { beginAtProvider, returnFromProvider } from '../../../src/identity/providers/oidc.ts'
import { identifyWorkload } from '../../../src/identity/providers/workload.ts'
import type { Claims } from './issuer.ts'
import { FakeIssuer, now } from './issuer.ts'

const seconds = Math.floor(now / 1000)
const times = { iat: seconds, exp: seconds + 300 }

describe('a person of an OpenID Connect provider', () => {
  const redirectUri = 'https://gateway.example/oauth/callback'

  async function signIn(claims: Claims, options: { foreign?: boolean; require?: object } = {}) {
    const issuer = new FakeIssuer()
    const provider = {
      issuer: issuer.url,
      client_id: 'gateway',
      ...(options.require === undefined ? {} : { require: { hd: 'example.com' } }),
    }
    const { url, handshake } = await beginAtProvider(issuer.issuers, 'id', provider, redirectUri)
    // The library reads the clock itself.
    const at = Math.floor(Date.now() / 1000)
    const { iat = 0, exp = 300, ...rest } = claims
    issuer.tokens = {
      id_token: await issuer.sign(
        {
          iss: issuer.url,
          aud: 'gateway',
          sub: 'ada',
          email: 'ada@example.com',
          nonce: handshake.nonce,
          iat: at + Number(iat),
          exp: at + Number(exp),
          ...rest,
        },
        { foreign: options.foreign === true },
      ),
    }
    const back = new URL(`${redirectUri}?code=c&state=${handshake.state}`)
    const person = returnFromProvider(issuer.issuers, provider, {
      url: back,
      redirectUri,
      handshake,
      secret: undefined,
    })
    return { url: new URL(url), person, issuer, handshake }
  }

  test('a person of an OpenID Connect provider is asked for by a code flow with PKCE, state and nonce', async () => {
    const { url, person, issuer, handshake } = await signIn({})
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      response_mode: 'query',
      code_challenge_method: 'S256',
      scope: 'openid email profile',
      redirect_uri: redirectUri,
    })
    expect(await person).toEqual({
      issuer: issuer.url,
      subject: 'ada',
      email: 'ada@example.com',
      groups: [],
    })
    expect(issuer.received[0]).toContain(`code_verifier=${handshake.verifier}`)
  })

  test('a person of an OpenID Connect provider may have a clock that is a minute off', async () => {
    expect(await (await signIn({ exp: -30 })).person).toMatchObject({ subject: 'ada' })
  })

  test.each([
    ['another audience', { aud: 'other' }],
    ['another issuer', { iss: 'https://elsewhere.example' }],
    ['another nonce', { nonce: 'other' }],
    ['no nonce', { nonce: undefined }],
    ['an expiry two minutes ago', { exp: -120 }],
    ['no subject', { sub: undefined }],
    ['an address that is not verified', { email_verified: false }],
  ])('a person of an OpenID Connect provider is refused with %s', async (_, claims) => {
    await expect((await signIn(claims)).person).rejects.toThrow(
      expect.objectContaining({ name: 'SignInRefused' }),
    )
  })

  test('a person of an OpenID Connect provider is refused with a signature of another key', async () => {
    await expect((await signIn({}, { foreign: true })).person).rejects.toThrow(/was rejected/)
  })

  test('a person of an OpenID Connect provider needs the claims that the catalog requires', async () => {
    const require = {}
    expect(await (await signIn({ hd: 'example.com' }, { require })).person).toMatchObject({
      subject: 'ada',
    })
    await expect((await signIn({ hd: 'other.example' }, { require })).person).rejects.toThrow(
      /"hd"/,
    )
    await expect((await signIn({}, { require })).person).rejects.toThrow(/"hd"/)
  })
})

describe('a person of Cloudflare Access', () => {
  const settings = { team: 'team.example', audience: 'an-aud-tag' }
  const url = 'https://team.example'
  const good = { iss: url, aud: ['an-aud-tag'], sub: 'u1', email: 'ada@example.com', ...times }

  async function read(claims: Claims | undefined, options = {}) {
    const issuer = new FakeIssuer(url)
    const headers = new Headers()
    if (claims !== undefined) {
      headers.set('cf-access-jwt-assertion', await issuer.sign(claims, options))
    }
    return readAccess(issuer.issuers, settings, headers, now)
  }

  test('a person of Cloudflare Access is the subject of the token, with groups of custom claims', async () => {
    expect(await read({ ...good, custom: { groups: ['operators'] } })).toEqual({
      issuer: url,
      subject: 'u1',
      email: 'ada@example.com',
      groups: ['operators'],
    })
  })

  test.each([
    ['no token', undefined],
    ['another application', { ...good, aud: ['other'] }],
    ['another team', { ...good, iss: 'https://other.example' }],
    ['an expiry two minutes ago', { ...good, exp: seconds - 120 }],
    ['no expiry', { ...good, exp: undefined }],
    ['a service token, which is nobody', { ...good, sub: '', common_name: 'x' }],
  ])('a person of Cloudflare Access is refused with %s', async (_, claims) => {
    await expect(read(claims)).rejects.toThrow(expect.objectContaining({ name: 'SignInRefused' }))
  })

  test('a person of Cloudflare Access is refused with a signature of another key', async () => {
    await expect(read(good, { foreign: true })).rejects.toThrow(/was rejected/)
  })
})

describe('a pipeline', () => {
  const origin = 'https://gateway.example'

  async function identify(claims: Claims, options = {}) {
    const issuer = new FakeIssuer('https://ci.example')
    const workloads = {
      docs: { issuer: issuer.url, claims: { repository: 'example/docs' } },
      deploy: {
        issuer: issuer.url,
        claims: { repository: 'example/*', ref: ['refs/heads/main', 'refs/tags/*'] },
      },
    }
    const token = await issuer.sign(
      { iss: issuer.url, aud: origin, sub: 'repo', ...times, ...claims },
      options,
    )
    return identifyWorkload(issuer.issuers, { workloads }, token, { origin, now })
  }

  test('a pipeline gets the first rule whose claims its token has', async () => {
    const claims = { repository: 'example/app', ref: 'refs/tags/v1' }
    expect((await identify(claims)).person).toEqual({
      issuer: 'https://ci.example',
      subject: 'workload:deploy',
      groups: [],
    })
  })

  test.each([
    ['of another repository', { repository: 'other/app', ref: 'refs/heads/main' }],
    ['of another branch', { repository: 'example/app', ref: 'refs/heads/other' }],
    ['without the claim', { repository: 'example/app' }],
    ['for another audience', { repository: 'example/docs', aud: 'other' }],
    ['of another issuer', { repository: 'example/docs', iss: 'https://elsewhere.example' }],
    ['that has expired', { repository: 'example/docs', exp: seconds - 120 }],
  ])('a pipeline is refused with a token %s', async (_, claims) => {
    await expect(identify(claims)).rejects.toThrow(
      expect.objectContaining({ name: 'SignInRefused' }),
    )
  })

  test('a pipeline is refused with a signature of another key', async () => {
    await expect(identify({ repository: 'example/docs' }, { foreign: true })).rejects.toThrow()
  })
})
