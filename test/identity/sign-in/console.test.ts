/** The console, entered by an account of the company. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Shown } from './browser.ts'
import { Browser } from './browser.ts'
import type { SignInHarness } from './harness.ts'
import { startSignIn } from './harness.ts'

let gateway: SignInHarness

beforeAll(async () => {
  gateway = await startSignIn({
    people: [
      { match: { emails: ['olga@example.com'] }, admin: true },
      { match: { domains: ['example.com'] } },
    ],
  })
}, 60_000)

afterAll(async () => gateway.close())

/** Follows the button of the provider on the sign-in page. */
async function enter(browser: Browser, person: string): Promise<Shown> {
  const { url } = gateway
  const page = await browser.open(`${url}/console/sign-in`)
  const href = /href="(\/oauth\/sign-in[^"]*)"/.exec(page.html)?.[1] ?? ''
  const login = await browser.open(url + href)
  const consent = await browser.post(login, { login: person, password: 'any' })
  return browser.post(consent, {})
}

describe('the console', () => {
  test('the console is entered by the account of a provider, which has the rights of its rule', async () => {
    const [member, operator] = [new Browser(), new Browser()]
    const page = await enter(member, 'ada')
    expect([page.url, page.status]).toEqual([`${gateway.url}/console`, 200])
    expect(page.html).toContain('ada@example.com')
    expect((await member.open(`${gateway.url}/console/people`)).status).toBe(403)

    await enter(operator, 'olga')
    const people = await operator.open(`${gateway.url}/console/people`)
    expect([people.status, people.html]).toEqual([200, expect.stringContaining('ada@example.com')])
  })

  test('the console shows a person, who cannot create a secret, how programs sign in', async () => {
    const browser = new Browser()
    await enter(browser, 'ada')
    const { html } = await browser.open(`${gateway.url}/console/connect`)
    expect(html).toContain(`npm run login -- ${gateway.url}\nnpm run account -- setup claude`)
    expect(html).toContain('npm run account -- token')
    expect(html).not.toContain('make a new one')
  })

  test('the console is not entered by a person without a rule, or twice by one sign-in', async () => {
    gateway.provider.claims.set('mallory', { email: 'mallory@elsewhere.example' })
    expect((await enter(new Browser(), 'mallory')).status).toBe(403)
    const browser = new Browser()
    await enter(browser, 'ada')
    expect((await browser.open(`${gateway.url}/console/signed-in`)).status).toBe(403)
    expect((await new Browser().open(`${gateway.url}/console/access`)).status).toBe(403)
  })

  test('the console shows operators the sessions of a person, and ends them, its own page included', async () => {
    const [member, operator] = [new Browser(), new Browser()]
    await enter(member, 'ben')
    const tokens = await gateway.signIn('ben')
    await enter(operator, 'olga')
    const id = tokens.access_token.split('-')[1]
    const page = await operator.open(`${gateway.url}/console/people/${id}`)
    expect(page.html).toContain('claude_code')
    await operator.open(`${gateway.url}/console/people/${id}/sign-out`, {
      method: 'POST',
      body: new URLSearchParams(),
      headers: { origin: gateway.url },
    })
    expect((await member.open(`${gateway.url}/console`)).url).toContain('/console/sign-in')
    const models = await fetch(`${gateway.url}/v1/models`, {
      headers: { 'x-api-key': tokens.access_token },
    })
    expect(models.status).toBe(401)
  })

  test('the console ends all sessions of a person who signs out everywhere, those of programs, too', async () => {
    const browser = new Browser()
    await enter(browser, 'cleo')
    const { access_token: key } = await gateway.signIn('cleo')
    await browser.open(`${gateway.url}/console/sessions/end`, {
      method: 'POST',
      body: new URLSearchParams(),
      headers: { origin: gateway.url },
    })
    const models = await fetch(`${gateway.url}/v1/models`, { headers: { 'x-api-key': key } })
    expect(models.status).toBe(401)
  })

  test('the console does not give a person a key that would outlive the session', async () => {
    const browser = new Browser()
    await enter(browser, 'dora')
    const page = await browser.open(`${gateway.url}/console/connect`, {
      method: 'POST',
      body: new URLSearchParams(),
      headers: { origin: gateway.url },
    })
    expect([page.status, page.html]).toEqual([400, expect.stringContaining('npm run login')])
  })
})
