/** Sign-in over HTTP where the provider is not a web page: Cloudflare Access, pipelines, managed settings. */
import { env } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import { FakeIssuer } from '../identity/sign-in/issuer.ts'
import { createHarness } from '../support/app.ts'

const origin = 'http://gateway.test'
const seconds = Math.floor(Date.now() / 1000)
const times = { iat: seconds, exp: seconds + 300 }

async function open(identity: object, issuer = new FakeIssuer('https://id.example')) {
  const catalog = {
    version: 1,
    providers: { lab: { dialect: 'openai-chat', base_url: 'http://lab.test', secret: null } },
    models: [{ id: 'm', targets: [{ provider: 'lab', model: 'x' }] }],
    identity,
  }
  const gateway = await createHarness({
    catalog,
    vars: { KEYS: env.KEYS, LEDGER: env.LEDGER, SIGN_IN: env.SIGN_IN },
    upstream: (request) => issuer.answer(request.url, {}),
  })
  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    gateway.request(path, {
      method: 'POST',
      key: '',
      body: new URLSearchParams(form).toString(),
      headers: { origin, ...headers },
    })
  const exchange = async (claims: object): Promise<Response> =>
    post('/oauth/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: await issuer.sign({
        iss: issuer.url,
        aud: origin,
        sub: 's',
        ...times,
        ...claims,
      }),
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    })
  return { ...gateway, issuer, post, exchange }
}

describe('Cloudflare Access', () => {
  const team = 'team.example'
  const access = { team, audience: 'an-aud-tag' }
  const people = [{ match: { domains: ['example.com'] } }]
  const person = { aud: ['an-aud-tag'], sub: 'u1', email: 'ada@example.com', ...times }

  async function submitCode(identity: object, claims: object | undefined) {
    const issuer = new FakeIssuer(`https://${team}`)
    const gateway = await open(identity, issuer)
    const device = await (
      await gateway.post('/oauth/device_authorization', {})
    ).json<{ user_code: string; device_code: string }>()
    const token = claims && (await issuer.sign({ iss: issuer.url, ...claims }))
    const headers = token === undefined ? {} : { 'cf-access-jwt-assertion': token }
    const form = { user_code: device.user_code, provider: '' }
    const submitted = await gateway.post('/device', form, { ...headers })
    return { gateway, device, submitted }
  }

  test('Cloudflare Access signs a person in, who then approves by a click', async () => {
    const { gateway, device, submitted } = await submitCode({ access, people }, person)
    expect([submitted.status, submitted.headers.get('location')]).toEqual([303, '/device/confirm'])
    const cookie = submitted.headers.get('set-cookie')?.split(';')[0] ?? ''
    const page = await gateway.request('/device/confirm', { key: '', headers: { cookie } })
    const html = await page.text()
    expect(html).toContain('ada@example.com')
    const token = /name="token" value="([^"]+)"/.exec(html)?.[1] ?? ''
    await gateway.post('/device/confirm', { token, decision: 'approve' }, { cookie })
    const polled = await gateway.post('/oauth/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: device.device_code,
    })
    const { access_token: key } = await polled.json<{ access_token: string }>()
    expect((await gateway.request('/v1/models', { key })).status).toBe(200)
  })

  test.each([
    ['without its token', { access, people }, undefined],
    ['with a token of another application', { access, people }, { ...person, aud: ['x'] }],
    ['with an expired token', { access, people }, { ...person, exp: seconds - 120 }],
    [
      'of a person for whom there is no rule',
      { access, people: [], workloads: { w: { issuer: 'https://x.example', claims: { a: 'b' } } } },
      person,
    ],
    ['where the catalog does not name Access', { people }, person],
  ])('Cloudflare Access admits nobody %s', async (_, identity, claims) => {
    const { gateway, device, submitted } = await submitCode(identity, claims)
    expect([submitted.status, submitted.headers.get('set-cookie')]).toEqual([403, null])
    const polled = await gateway.post('/oauth/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: device.device_code,
    })
    expect(await polled.json()).toMatchObject({ error: 'authorization_pending' })
  })
})

describe('a pipeline', () => {
  const workloads = {
    deploy: {
      issuer: 'https://id.example',
      claims: { repository: 'example/app' },
      minutes: 5,
      models: ['m'],
    },
  }

  test('a pipeline exchanges the token of its CI system for a key without a refresh token', async () => {
    const { exchange, request } = await open({ people: [], workloads })
    const response = await exchange({ repository: 'example/app' })
    const tokens = await response.json<{ access_token: string }>()
    expect(tokens).toEqual({
      access_token: expect.stringMatching(/^gw-/),
      token_type: 'Bearer',
      expires_in: 300,
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    })
    expect((await request('/v1/models', { key: tokens.access_token })).status).toBe(200)
  })

  test('a pipeline of another repository gets no key', async () => {
    const { exchange } = await open({ people: [], workloads })
    const response = await exchange({ repository: 'other/app' })
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        error: 'access_denied',
        error_description: 'The claim "repository" of the token is not allowed.',
      },
    ])
  })

  test('a pipeline has a key whose revocation reaches the next request', async () => {
    const { exchange, post, request } = await open({ people: [], workloads })
    const { access_token: key } = await (
      await exchange({ repository: 'example/app' })
    ).json<{ access_token: string }>()
    await post('/oauth/revoke', { token: key })
    const response = await request('/v1/models', { key })
    expect([response.status, response.headers.get('x-should-retry')]).toEqual([401, 'false'])
  })
})

describe('managed settings', () => {
  const workloads = { w: { issuer: 'https://id.example', claims: { repository: 'example/app' } } }
  const policies = [{ match: {}, cli: { model: 'm', env: { B: '1', A: '2' } } }]

  async function read(policy: object, etag?: string) {
    const { exchange, request } = await open({ people: [], workloads, ...policy })
    const { access_token: key } = await (
      await exchange({ repository: 'example/app' })
    ).json<{ access_token: string }>()
    const headers = etag === undefined ? {} : { 'if-none-match': etag }
    return request('/managed/settings', { key, headers })
  }

  test('managed settings have a checksum, which is their ETag', async () => {
    const response = await read({ policies })
    const { checksum, ...rest } = await response.json<{ checksum: string }>()
    expect(rest).toEqual({ uuid: checksum, settings: policies[0]?.cli })
    expect(checksum).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(response.headers.get('etag')).toBe(`"${checksum}"`)
    const again = await read({ policies }, `"${checksum}"`)
    expect([again.status, await again.text()]).toEqual([304, ''])
    expect((await read({ policies }, '"sha256:0"')).status).toBe(200)
    expect((await read({ policies }, '*')).status).toBe(304)
  })

  test('managed settings that are empty are a policy, and without a policy there are none', async () => {
    const empty = await read({ policies: [{ match: {}, cli: {} }] })
    expect([empty.status, await empty.json()]).toMatchObject([200, { settings: {} }])
    expect((await read({})).status).toBe(404)
    expect((await read({ policies: [{ match: { groups: ['x'] }, cli: {} }] }, '*')).status).toBe(
      404,
    )
  })

  test('managed settings of Claude Desktop name the gateway, and are absent where a policy has none', async () => {
    const desktop = { inferenceModels: ['m'] }
    const { exchange, request } = await open({
      people: [],
      workloads,
      policies: [{ match: {}, cli: {}, desktop }],
    })
    const { access_token: key } = await (
      await exchange({ repository: 'example/app' })
    ).json<{ access_token: string }>()
    expect(await (await request('/user/bootstrap', { key })).json()).toEqual({
      inferenceProvider: 'gateway',
      inferenceGatewayBaseUrl: origin,
      inferenceModels: ['m'],
    })
    const other = await open({ people: [], workloads, policies })
    expect((await other.request('/user/bootstrap', { key })).status).toBe(404)
  })

  test('managed settings require a key', async () => {
    const { request } = await open({ people: [], workloads, policies })
    expect((await request('/managed/settings', { key: '' })).status).toBe(401)
  })
})

test('a gateway without identity in its catalog has no sign-in', async () => {
  const { request } = await createHarness({ vars: { SIGN_IN: env.SIGN_IN } })
  for (const path of ['/.well-known/oauth-authorization-server', '/device']) {
    expect((await request(path, { key: '' })).status).toBe(404)
  }
})
