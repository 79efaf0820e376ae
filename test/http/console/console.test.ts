/** The console over HTTP: what each role may see and change, and what pages may contain. */
import { env } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import { catalogEntry } from '../../../src/catalog/load.ts'
import { catalog, open, operator, operatorPages, origin } from './open-console.ts'

describe('a change from another site', () => {
  test.each([
    ['another origin', { from: 'https://evil.test' }],
    ['no origin', { from: 'null' }],
    ['a sibling site', { site: 'same-site' }],
  ])('a change from another site is refused: %s', async (_what, where) => {
    const { browse, submit } = await open()
    const { cookie, get } = await browse(operator)
    const refused = await submit('/console/keys', { name: 'stolen' }, { cookie, ...where })
    expect(refused.status).toBe(403)
    expect(await (await get('/console/keys')).text()).not.toContain('stolen')
  })

  test('a change from another site is not allowed by CORS', async () => {
    const { browse, request } = await open()
    const { cookie } = await browse(operator)
    const headers = { cookie, origin: 'https://evil.test' }
    const response = await request('/console/keys', { key: '', origin, headers })
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('a member', () => {
  test('a member cannot open the pages of operators, nor their API, nor change anything', async () => {
    const { browse } = await open()
    const member = await browse({ name: 'member' })
    const other = await browse({ name: 'somebody else' })
    for (const page of [...operatorPages, `keys/${other.id}`, `keys/${member.id}`]) {
      const { status } = await member.get(`/console/${page}`)
      expect([page, status]).toEqual([page, 403])
    }
    for (const path of [
      'api_keys',
      'groups',
      'requests',
      'catalog',
      'health',
      'usage_report/messages',
      `api_keys/${other.id}/sessions`,
    ]) {
      const { status } = await member.get(`/console/api/organizations/${path}`)
      expect([path, status]).toEqual([path, 403])
    }
    const revoked = await member.post(`/console/keys/${other.id}/status`, { status: 'archived' })
    expect(revoked.status).toBe(403)
    expect((await other.get('/console')).status).toBe(200)
  })

  test('a member sees the own usage and models, and nothing of others', async () => {
    const { browse, request, settled } = await open()
    const member = await browse({ name: 'member', models: ['m'] })
    const other = await browse({ name: 'a neighbor' })
    const json = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'x' }] }
    await request('/v1/messages', { key: member.key, json })
    await request('/v1/messages', { key: other.key, json: { ...json, model: 'restricted' } })
    await settled()
    const pages = await Promise.all(
      ['', '/connect', '/playground', '/models', '/sessions'].map(async (path) =>
        (await member.get(`/console${path}`)).text(),
      ),
    )
    const text = pages.join('\n')
    expect(pages[0]).toMatch(/<th scope="row">m<\/th>/)
    expect(text).not.toContain('restricted')
    expect(text).not.toContain('a neighbor')
    expect(text).not.toContain(other.id)
    expect(text).not.toContain('/console/keys')
    const { data } = await (
      await member.get('/console/api/organizations/api_keys/me/requests')
    ).json<{ data: { line: { keyId: string } }[] }>()
    expect(new Set(data.map(({ line }) => line.keyId))).toEqual(new Set([member.id]))
  })

  test('a member is charged for requests of the playground', async () => {
    const { browse, request, settled } = await open()
    const { cookie, get } = await browse({ models: ['m'] })
    const asked = await request('/console/api/messages', {
      method: 'POST',
      key: '',
      origin,
      headers: { cookie, origin },
      body: JSON.stringify({
        model: 'm',
        max_tokens: 9,
        messages: [{ role: 'user', content: 'x' }],
      }),
    })
    expect(asked.status).toBe(200)
    await asked.json()
    await settled()
    const path = '/console/api/organizations/api_keys/me/usage_report'
    const since = new Date(Date.now() - 3_600_000).toISOString()
    const report = await (
      await get(`${path}?starting_at=${since}&bucket_width=1h`)
    ).json<{ data: { results: { gateway: { requests: number; cost_usd: string } }[] }[] }>()
    expect(report.data.flatMap(({ results }) => results)).toMatchObject([
      { gateway: { requests: 1, cost_usd: '0.00006' } },
    ])
  })

  test('a member gets a new secret for the own key, and the old one stays valid for a day', async () => {
    const { browse, request } = await open()
    const member = await browse({})
    const page = await (await member.post('/console/connect', {})).text()
    const secret = /gw-[a-z2-7]{10}-[0-9A-Za-z]{49}/.exec(page)?.[0] ?? ''
    expect(secret).toContain(member.id)
    for (const key of [secret, member.key]) {
      expect((await request('/v1/models', { key })).status).toBe(200)
    }
  })
})

describe('a viewer', () => {
  test('a viewer sees the pages of operators without their forms, and can change nothing', async () => {
    const { browse } = await open()
    const viewer = await browse({ scopes: ['read'] })
    for (const page of operatorPages.filter((each) => each !== 'keys/new')) {
      const response = await viewer.get(`/console/${page}`)
      expect([page, response.status]).toEqual([page, 200])
      expect(await response.text()).not.toMatch(/New key|New group|Push|Revoke/)
    }
    for (const [path, form] of [
      ['/console/keys', { name: 'k' }],
      ['/console/groups', { name: 'g' }],
      [`/console/keys/${viewer.id}/status`, { status: 'inactive' }],
    ] as const) {
      expect((await viewer.post(path, form)).status).toBeGreaterThanOrEqual(400)
    }
    expect((await viewer.get('/console/api/organizations/export')).status).toBe(403)
  })
})

describe('an operator', () => {
  test('an operator creates a key that works, shown once, and limits, rotates, disables and revokes it', async () => {
    const { browse, request } = await open()
    const { get, post } = await browse(operator)
    const form = {
      name: 'laptop',
      owner: 'ada@example.com',
      models: '*',
      budget_day: '2.5',
      rpm: '30',
    }
    const page = await (await post('/console/keys', form)).text()
    const key = /gw-[a-z2-7]{10}-[0-9A-Za-z]{49}/.exec(page)?.[0] ?? ''
    const id = key.split('-')[1] ?? ''
    expect((await request('/v1/models', { key })).status).toBe(200)
    const shown = await (await get(`/console/keys/${id}`)).text()
    expect(shown).not.toContain(key)
    expect(shown).toContain('ada@example.com')
    expect(shown).toContain('$2.50')

    expect(
      (await post(`/console/keys/${id}`, { name: 'desk', models: 'm', rpm: '', budget_day: '' }))
        .status,
    ).toBe(303)
    expect(await (await get(`/console/keys/${id}`)).text()).toContain('No budget')

    const rotated = await (await post(`/console/keys/${id}/rotate`, { grace: '0' })).text()
    const second = /gw-[a-z2-7]{10}-[0-9A-Za-z]{49}/.exec(rotated)?.[0] ?? ''
    expect((await request('/v1/models', { key })).status).toBe(401)
    expect((await request('/v1/models', { key: second })).status).toBe(200)

    await post(`/console/keys/${id}/status`, { status: 'inactive' })
    expect((await request('/v1/models', { key: second })).status).toBe(401)
    await post(`/console/keys/${id}/status`, { status: 'active' })
    expect((await request('/v1/models', { key: second })).status).toBe(200)
    await post(`/console/keys/${id}/status`, { status: 'archived' })
    expect((await request('/v1/models', { key: second })).status).toBe(401)
  })

  test('an operator sees what is wrong with a form, and the form again', async () => {
    const { browse } = await open()
    const { post } = await browse(operator)
    const refused = await post('/console/keys', { name: 'k', models: '*', budget_day: 'much' })
    expect(refused.status).toBe(400)
    expect(await refused.text()).toMatch(/role="alert">[^<]*budgets/)
  })

  test('an operator pushes a catalog that is valid and was not changed meanwhile, and rolls it back', async () => {
    const { browse } = await open()
    const { get, post } = await browse(operator)
    const page = await (await get('/console/catalog')).text()
    const etag = (/name="etag" value="([^"]*)"/.exec(page)?.[1] ?? '').replaceAll('&quot;', '"')
    const text = JSON.stringify({ ...catalog, aliases: { quick: 'm' } }, null, 2)
    const wrong = await post('/console/catalog', {
      text: '{\n  "version": 1,\n  "models": 5\n}',
      etag,
      act: 'push',
    })
    expect(wrong.status).toBe(400)
    expect(await wrong.text()).toMatch(/Line 3<\/strong> <code>models<\/code>/)

    const pushed = await post('/console/catalog', { text, etag, note: 'an alias', act: 'push' })
    expect(pushed.status).toBe(303)
    expect(await env.CATALOG.get(catalogEntry)).toBe(text)
    const stale = await post('/console/catalog', { text: `${text} `, etag, act: 'push' })
    expect(stale.status).toBe(400)
    expect(await stale.text()).toContain('has been changed since you read it')
    expect(await env.CATALOG.get(catalogEntry)).toBe(text)

    const { data } = await (
      await get('/console/api/organizations/catalog/versions')
    ).json<{ data: { number: number; note: string }[] }>()
    expect(data.slice(0, 2).map(({ note }) => note)).toEqual(['an alias', 'written by a command'])
    await post('/console/catalog/rollback', { number: String(data[1]?.number) })
    expect(JSON.parse((await env.CATALOG.get(catalogEntry)) ?? '')).toEqual(catalog)
  })

  test('an operator sees requests with attempts and adaptations, and how their targets do', async () => {
    const { browse, request, settled } = await open()
    const { get, key } = await browse(operator)
    const json = {
      model: 'm',
      max_tokens: 9,
      top_k: 5,
      messages: [{ role: 'user', content: 'secret prompt' }],
    }
    await request('/v1/messages', { key, json })
    await settled()
    const page = await (await get('/console/requests')).text()
    expect(page).toContain('top_k')
    expect(page).toContain('chat/up')
    expect(page).not.toContain('secret prompt')
    const health = await (
      await get('/console/api/organizations/health')
    ).json<{ targets: { target: string; last_success_at: string | null }[] }>()
    expect(
      health.targets.find(({ target }) => target === 'chat/up')?.last_success_at,
    ).not.toBeNull()
  })

  test('an operator resolves a name to its targets', async () => {
    const { browse } = await open()
    const { get } = await browse(operator)
    expect(await (await get('/console/models?resolve=m')).text()).toContain('http://chat.test/v1')
    expect(await (await get('/console/models?resolve=nope')).text()).toContain(
      'no id, alias or wildcard of the catalog matches it',
    )
  })
})

describe('a page', () => {
  test('a page of the console escapes names, and has a content security policy', async () => {
    const { browse } = await open()
    const { get, post } = await browse(operator)
    const name = `<script>alert(1)</script>"'`
    await post('/console/groups', { name, models: '*' })
    await post('/console/keys', { name, owner: '\u202e<img src=x onerror=alert(1)>', models: '*' })
    for (const path of ['keys', 'groups', 'usage?by=api_key_id', 'requests']) {
      const response = await get(`/console/${path}`)
      const page = await response.text()
      expect(page).not.toContain('<script>alert')
      expect(page).not.toContain('<img src=x')
      expect(response.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self'/,
      )
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(response.headers.get('strict-transport-security')).not.toBeNull()
    }
    expect(await (await get('/console/keys')).text()).toContain('&lt;script&gt;alert(1)')
  })

  test('a page of the console has its scripts and styles under immutable names', async () => {
    const { request } = await open()
    const page = await (await request('/console/sign-in', { key: '', origin })).text()
    const paths = [...page.matchAll(/(?:src|href)="(\/console\/assets\/[^"]+)"/g)].map(
      ([, path = '']) => path,
    )
    expect(paths).toHaveLength(2)
    for (const path of paths) {
      const asset = await request(path, { key: '', origin })
      expect(asset.status).toBe(200)
      expect(asset.headers.get('cache-control')).toContain('immutable')
    }
    expect(page).not.toMatch(/<style|style=|onclick|javascript:/)
  })

  test('pages of the console work without the ledger, the live log and Analytics Engine', async () => {
    const { browse } = await open({
      LEDGER: undefined,
      LIVE_LOG: undefined,
      CATALOG_WRITER: undefined,
    })
    const { get } = await browse(operator)
    for (const path of [
      '',
      '/keys',
      '/groups',
      '/usage',
      '/requests',
      '/models',
      '/catalog',
      '/health',
      '/connect',
    ]) {
      const { status } = await get(`/console${path}`)
      expect([path, status]).toEqual([path, 200])
    }
  })
})
