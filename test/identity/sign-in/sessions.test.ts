/** Keys of persons: what they may do, how they are renewed, and how they end. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { SignInHarness, Tokens } from './harness.ts'
import { startSignIn } from './harness.ts'

let gateway: SignInHarness

beforeAll(async () => {
  gateway = await startSignIn({
    people: [
      { match: { groups: ['operators'] }, admin: true },
      {
        match: { domains: ['example.com'] },
        models: ['claude-demo'],
        limits: { budgets: [{ usd: 5, period: 'day' }] },
      },
    ],
  })
  gateway.provider.claims.set('olga', { groups: ['operators'] })
}, 60_000)

afterAll(async () => gateway.close())

const send = (path: string, { access_token: key }: Tokens, json?: object): Promise<Response> =>
  fetch(`${gateway.url}${path}`, {
    headers: { authorization: `Bearer ${key}` },
    ...(json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) }),
  })

const ask = (tokens: Tokens, model = 'claude-demo'): Promise<Response> =>
  send('/v1/messages', tokens, {
    model,
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Reply with exactly: PONG' }],
  })

const refresh = (token: string): Promise<Response> =>
  gateway.post('/oauth/token', { grant_type: 'refresh_token', refresh_token: token })

async function expectSignedOut(tokens: Tokens): Promise<void> {
  const response = await ask(tokens)
  expect([response.status, response.headers.get('x-should-retry')]).toEqual([401, 'false'])
}

describe('a key of a person', () => {
  test('a key of a person may use the models of the rule, and not the Admin API', async () => {
    const tokens = await gateway.signIn('ada')
    expect((await ask(tokens)).status).toBe(200)
    expect((await send('/v1/organizations/api_keys', tokens)).status).toBe(403)
  })

  test('a key of a person belongs to the person: a second session has the same budget', async () => {
    const [one, other] = [await gateway.signIn('ben'), await gateway.signIn('ben')]
    await (await ask(one)).text()
    const mine = async (tokens: Tokens): Promise<object> =>
      (await send('/v1/organizations/api_keys/me', tokens)).json<object>()
    expect(await mine(other)).toMatchObject({
      id: one.access_token.split('-')[1],
      name: 'ben@example.com',
      budgets: [{ limit_usd: 5, spent_usd: 0.000008 }],
    })
  })

  test('a key of a person has the admin scope by a group, which only the userinfo endpoint may name', async () => {
    const tokens = await gateway.signIn('olga')
    expect((await send('/v1/organizations/api_keys', tokens)).status).toBe(200)
  })

  test('a key of a person ends with the access of its person', async () => {
    const [operator, leaver] = [await gateway.signIn('olga'), await gateway.signIn('carl')]
    const id = leaver.access_token.split('-')[1]
    expect((await ask(leaver)).status).toBe(200)
    const path = `/v1/organizations/api_keys/${id}/revoke`
    expect((await send(path, operator, {})).status).toBe(200)
    await expectSignedOut(leaver)
    expect((await refresh(leaver.refresh_token)).status).toBe(401)
    expect(await gateway.signIn('carl')).toMatchObject({ error: 'access_denied' })
  })
})

describe('an operator', () => {
  test('an operator sees persons and their sessions, and ends them all', async () => {
    const [operator, tokens] = [await gateway.signIn('olga'), await gateway.signIn('gina')]
    const id = tokens.access_token.split('-')[1]
    const people = await (
      await send('/v1/organizations/people?limit=100', operator)
    ).json<{
      data: object[]
    }>()
    expect(people.data).toContainEqual(
      expect.objectContaining({
        id,
        name: 'gina@example.com',
        status: 'active',
        owner: expect.objectContaining({ subject: 'gina', email: 'gina@example.com' }),
      }),
    )
    const sessions = await send(`/v1/organizations/people/${id}/sessions`, operator)
    expect(await sessions.json()).toMatchObject({
      data: [{ type: 'session', client: { surface: 'claude_code' } }],
    })
    const ended = await send(`/v1/organizations/people/${id}/sign_out`, operator, {})
    expect(await ended.json()).toEqual({ data: [] })
    await expectSignedOut(tokens)
    expect((await ask(await gateway.signIn('gina'))).status).toBe(200)
  })

  test('an operator ends one session of a person, and finds no person of another key', async () => {
    const operator = await gateway.signIn('olga')
    const [one, other] = [await gateway.signIn('hans'), await gateway.signIn('hans')]
    const id = one.access_token.split('-')[1]
    const session_id = one.refresh_token.split('-')[2]
    await send(`/v1/organizations/people/${id}/sign_out`, operator, { session_id })
    await expectSignedOut(one)
    expect((await ask(other)).status).toBe(200)
    expect((await send('/v1/organizations/people/aaaaaaaaaa/sessions', operator)).status).toBe(404)
    expect((await send('/v1/organizations/people', one)).status).toBe(401)
  })
})

describe('a refresh token', () => {
  test('a refresh token is replaced at each use, and the key before it stays valid', async () => {
    const first = await gateway.signIn('dora')
    const second = await (await refresh(first.refresh_token)).json<Tokens>()
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(second.access_token.split('-')[1]).toBe(first.access_token.split('-')[1])
    expect([(await ask(first)).status, (await ask(second)).status]).toEqual([200, 200])
  })

  test('a refresh token that was replaced ends the session, with all its keys', async () => {
    const first = await gateway.signIn('dora')
    const second = await (await refresh(first.refresh_token)).json<Tokens>()
    const reused = await refresh(first.refresh_token)
    expect([reused.status, await reused.json()]).toMatchObject([401, { error: 'invalid_grant' }])
    expect((await refresh(second.refresh_token)).status).toBe(401)
    await expectSignedOut(first)
    await expectSignedOut(second)
  })

  test('a refresh token that was never issued ends nothing', async () => {
    const tokens = await gateway.signIn('dora')
    const forged = tokens.refresh_token.replace(/[0-9a-f]{64}$/, '0'.repeat(64))
    expect((await refresh(forged)).status).toBe(401)
    await gateway.post('/oauth/revoke', { token: forged })
    expect((await ask(tokens)).status).toBe(200)
  })
})

describe('revocation', () => {
  test.each(['access_token', 'refresh_token'] as const)(
    'revocation of the %s reaches the next request, and no other session',
    async (kind) => {
      const [tokens, other] = [await gateway.signIn('finn'), await gateway.signIn('finn')]
      expect((await ask(tokens)).status).toBe(200)
      const response = await gateway.post('/oauth/revoke', { token: tokens[kind] })
      expect(response.status).toBe(200)
      await expectSignedOut(tokens)
      expect((await refresh(tokens.refresh_token)).status).toBe(401)
      expect((await ask(other)).status).toBe(200)
    },
  )

  test('revocation of an unknown token is answered like any other', async () => {
    expect((await gateway.post('/oauth/revoke', { token: 'junk' })).status).toBe(200)
  })
})
