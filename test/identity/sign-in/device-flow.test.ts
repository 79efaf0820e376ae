/** The device flow, from a client's first request to its key, with a real OpenID Connect provider. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { Browser } from './browser.ts'
import type { SignInHarness } from './harness.ts'
import { startSignIn, toConfirmation } from './harness.ts'

let gateway: SignInHarness

beforeAll(async () => {
  gateway = await startSignIn({
    people: [{ match: { domains: ['example.com'] } }],
    login_notice: 'Only for work',
  })
}, 60_000)

afterAll(async () => gateway.close())

async function errorOf(response: Response): Promise<unknown[]> {
  const { error } = await response.json<{ error: unknown }>()
  return [response.status, error]
}

describe('a client', () => {
  test('a client finds the endpoints at the origin, and no authorization endpoint', async () => {
    const { url } = gateway
    const response = await fetch(`${url}/.well-known/oauth-authorization-server`)
    expect(await response.json()).toMatchObject({
      issuer: url,
      device_authorization_endpoint: `${url}/oauth/device_authorization`,
      token_endpoint: `${url}/oauth/token`,
      revocation_endpoint: `${url}/oauth/revoke`,
      grant_types_supported: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    })
  })

  test('a client gets a code of eight letters, a link with it, and the notice', async () => {
    const device = await gateway.begin()
    expect(device).toMatchObject({
      user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
      verification_uri: `${gateway.url}/device`,
      verification_uri_complete: `${gateway.url}/device?user_code=${device.user_code}`,
      expires_in: 600,
      interval: 5,
      login_notice: 'Only for work',
    })
  })

  test('a client waits until it is approved, and is slowed down when it polls too fast', async () => {
    const device = await gateway.begin()
    expect(await errorOf(await gateway.poll(device))).toEqual([400, 'authorization_pending'])
    expect(await errorOf(await gateway.poll(device))).toEqual([400, 'slow_down'])
  })

  test('a client gets a key once its code is approved, and only once', async () => {
    const device = await gateway.begin()
    await gateway.poll(device)
    const browser = new Browser()
    const page = await toConfirmation(browser, device, 'ada')
    expect(await errorOf(await gateway.poll(device))).toEqual([400, 'slow_down'])
    expect((await browser.post(page, { decision: 'approve' })).html).toContain('Approved')

    const response = await gateway.poll(device)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({
      access_token: expect.stringMatching(/^gw-/),
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: expect.stringMatching(/^gwr-/),
      email: 'ada@example.com',
    })
    expect(await errorOf(await gateway.poll(device))).toEqual([400, 'invalid_grant'])
  })

  test('a client is answered that its code was denied', async () => {
    const device = await gateway.begin()
    const browser = new Browser()
    const page = await toConfirmation(browser, device, 'ada')
    await browser.post(page, { decision: 'deny' })
    expect(await errorOf(await gateway.poll(device))).toEqual([400, 'access_denied'])
  })

  test('a client gets nothing for a device code with another secret', async () => {
    const device = await gateway.begin()
    const other = {
      ...device,
      device_code: device.device_code.replace(/\..*/, `.${'0'.repeat(64)}`),
    }
    expect(await errorOf(await gateway.poll(other))).toEqual([400, 'invalid_grant'])
    const junk = await gateway.poll({ ...device, device_code: 'junk' })
    expect(await errorOf(junk)).toEqual([400, 'invalid_grant'])
  })

  test('a client is refused an unknown grant type', async () => {
    const response = await gateway.post('/oauth/token', { grant_type: 'password' })
    expect(await errorOf(response)).toEqual([400, 'unsupported_grant_type'])
  })
})

describe('the page of a code', () => {
  test('the page of a code fills in a code of the link, and approves nothing by that', async () => {
    const device = await gateway.begin()
    const page = await new Browser().open(device.verification_uri_complete)
    expect(page.html).toContain(`value="${device.user_code}"`)
    expect(page.html).not.toContain('Approve<')
    expect(await errorOf(await gateway.poll(device))).toEqual([400, 'authorization_pending'])
  })

  test('the page of a code shows which program asks, from where, and for whom, and shows the code to compare', async () => {
    const device = await gateway.begin({
      'cf-connecting-ip': '203.0.113.7',
      'user-agent': 'claude-code/2.1.332 <script>',
    })
    const page = await toConfirmation(new Browser(), device, 'ada')
    for (const text of [
      device.user_code,
      'claude_code',
      'claude-code/2.1.332 &lt;script&gt;',
      '203.0.113.7',
      'ada@example.com',
      'you started this sign-in yourself',
    ]) {
      expect(page.html).toContain(text)
    }
  })

  test('the page of a code has no script, no frame around it, and no CORS', async () => {
    const { headers } = await new Browser().open(`${gateway.url}/device`, {
      headers: { origin: 'https://elsewhere.example' },
    })
    expect(headers.get('content-security-policy')).toMatch(
      /default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/,
    )
    expect(headers.get('access-control-allow-origin')).toBeNull()
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('the page of a code refuses the eleventh wrong code of an address, even if it is right, and no other address', async () => {
    const { user_code } = await gateway.begin()
    const submit = async (code: string, address: string): Promise<number> => {
      const browser = new Browser()
      const page = await browser.open(`${gateway.url}/device`)
      const headers = { 'cf-connecting-ip': address }
      return (await browser.post(page, { user_code: code, provider: 'local' }, headers)).status
    }
    for (let tries = 0; tries < 10; tries++) {
      expect(await submit('BBBB-BBBB', '203.0.113.8')).toBe(400)
    }
    expect(await submit(user_code, '203.0.113.8')).toBe(429)
    expect(await submit(user_code, '203.0.113.9')).toBe(200)
  })

  test('the page of a code refuses a form that another origin posts', async () => {
    const device = await gateway.begin()
    const browser = new Browser()
    const page = await toConfirmation(browser, device, 'ada')
    for (const headers of [
      { origin: 'https://elsewhere.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      expect((await browser.post(page, { decision: 'approve' }, headers)).status).toBe(403)
    }
    expect(await errorOf(await gateway.poll(device))).toEqual([400, 'authorization_pending'])
  })

  test('the page of a code refuses an approval without the token of its form', async () => {
    const device = await gateway.begin()
    const browser = new Browser()
    const page = await toConfirmation(browser, device, 'ada')
    expect((await browser.post(page, { decision: 'approve', token: 'x' })).status).toBe(403)
  })

  test('the page of a code refuses an approval in a browser that has not signed in', async () => {
    const device = await gateway.begin()
    const page = await toConfirmation(new Browser(), device, 'ada')
    expect((await new Browser().post(page, { decision: 'approve' })).status).toBe(403)
    expect((await new Browser().open(`${gateway.url}/device/confirm`)).status).toBe(403)
  })
})

describe('the return from the provider', () => {
  test('the return from the provider works once, and only in the browser that began the sign-in', async () => {
    const device = await gateway.begin()
    const browser = new Browser()
    await toConfirmation(browser, device, 'ada')
    const callback = browser.visited.find((url) => url.includes('/oauth/callback'))
    expect((await browser.open(callback ?? '')).status).toBe(403)
    expect((await new Browser().open(callback ?? '')).status).toBe(403)
  })

  test('the return from the provider is refused with another state, or with an error of the provider', async () => {
    const { url } = gateway
    const device = await gateway.begin()
    const browser = new Browser()
    const form = await browser.open(device.verification_uri)
    await browser.post(form, { user_code: device.user_code, provider: 'local' })
    expect((await browser.open(`${url}/oauth/callback?code=x&state=y`)).status).toBe(403)
    const authorization = browser.visited.find((one) => one.includes('state=')) ?? ''
    const state = new URL(authorization).searchParams.get('state') ?? ''
    const query = new URLSearchParams({
      error: 'access_denied',
      state,
      iss: gateway.provider.issuer,
    })
    const denied = await browser.open(`${url}/oauth/callback?${query.toString()}`)
    expect([denied.status, denied.html]).toEqual([403, expect.stringContaining('access_denied')])
  })

  test('the return from the provider is refused for a person without a rule', async () => {
    gateway.provider.claims.set('mallory', { email: 'mallory@elsewhere.example' })
    const page = await toConfirmation(new Browser(), await gateway.begin(), 'mallory')
    expect([page.status, page.html]).toEqual([
      403,
      expect.stringContaining('mallory@elsewhere.example may not sign in'),
    ])
  })

  test('the return from the provider is refused for an address that the provider has not verified', async () => {
    gateway.provider.claims.set('eve', { email_verified: false })
    const page = await toConfirmation(new Browser(), await gateway.begin(), 'eve')
    expect([page.status, page.html]).toEqual([403, expect.stringContaining('not verified')])
  })
})
