/** Sessions of the console over HTTP: how they begin and end, and what they give access to. */
import { env } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import { createEntryCode } from '../../../src/identity/entry-link.ts'
import { hashKey } from '../../../src/keys/key.ts'
import { open, operator, origin } from './open-console.ts'

describe('a session of the console', () => {
  test('a session of the console begins with a key, in a cookie that only this host gets, and shows pages', async () => {
    const { browse, make, submit, request } = await open()
    const { cookie, get } = await browse({ name: 'Ada' })
    expect(cookie).toMatch(/^__Host-gw=[0-9a-f]{64}$/)
    const entered = await submit('/console/session', { key: (await make({})).key })
    expect(entered.headers.get('set-cookie')).toMatch(/; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    expect(await (await get('/console')).text()).toContain('Ada')
    const without = await request('/console/keys', { key: '', origin })
    expect([without.status, without.headers.get('location')]).toEqual([303, '/console/sign-in'])
  })

  test('a session of the console does not begin with a wrong key, over plain HTTP, or after ten failures', async () => {
    const { submit, make, request } = await open()
    const address = '192.0.2.77'
    for (let tries = 0; tries < 10; tries += 1) {
      expect((await submit('/console/session', { key: 'gw-x' }, { address })).status).toBe(401)
    }
    const { key } = await make({})
    expect((await submit('/console/session', { key }, { address })).status).toBe(429)
    const plain = await request('/console/session', {
      method: 'POST',
      key: '',
      body: new URLSearchParams({ key }),
      headers: { origin: 'http://gateway.test' },
    })
    expect(plain.status).toBe(400)
    expect(plain.headers.get('set-cookie')).toBeNull()
  })

  test('a session of the console ends when the person signs out, here or everywhere, and when the key is revoked', async () => {
    const { browse, call } = await openWithApi()
    const ada = await browse({})
    await ada.post('/console/sign-out', {})
    expect((await ada.get('/console')).status).toBe(303)

    const eve = await browse({})
    await eve.post('/console/sessions/end', {})
    expect((await eve.get('/console')).status).toBe(303)

    const bob = await browse({ limits: { strict: true } })
    expect((await bob.get('/console')).status).toBe(200)
    await call(`/api_keys/${bob.id}/revoke`)
    expect((await bob.get('/console')).status).toBe(303)
    const api = await bob.get('/console/api/organizations/api_keys/me')
    expect(api.status).toBe(401)
  })

  test('a session of the console begins with a one-time link, once', async () => {
    const { submit, make } = await open()
    const { key } = await make(operator)
    const code = await createEntryCode(env.KEYS, await hashKey(key), new Date())
    expect((await submit('/console/session', { code })).status).toBe(303)
    expect((await submit('/console/session', { code })).status).toBe(401)
  })

  test('a session of the console gives no access outside of the console', async () => {
    const { browse, request } = await open()
    const { cookie } = await browse(operator)
    for (const path of ['/v1/models', '/v1/organizations/api_keys']) {
      expect((await request(path, { key: '', origin, headers: { cookie } })).status).toBe(401)
    }
  })

  test('a session of the console cannot begin where the binding is missing, and the page names it', async () => {
    const { submit, make } = await open({ SESSIONS: undefined })
    const refused = await submit('/console/session', { key: (await make({})).key })
    expect(refused.status).toBe(503)
    expect(await refused.text()).toContain('SESSIONS is missing')
  })
})

async function openWithApi() {
  const opened = await open()
  const root = await opened.make(operator)
  const call = (path: string, json: object = {}) =>
    opened.request(`/v1/organizations${path}`, { key: root.key, json })
  return { ...opened, call }
}
