/** The console's pages of batches and files: what each role may see and change, and what they show without a storage. */
import { env } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import { catalogEntry } from '../../../src/catalog/load.ts'
import { toNewFields } from '../../../src/keys/fields.ts'
import type { KeyInput } from '../../../src/keys/fields.ts'
import { createKey } from '../../../src/keys/store.ts'
import { createHarness } from '../../support/app.ts'
import { storage } from '../../support/stored.ts'

const origin = 'https://gateway.test'

const catalog = {
  version: 1,
  providers: { chat: { dialect: 'openai-chat', base_url: 'http://chat.test/v1', secret: null } },
  models: [
    { id: 'm', targets: [{ provider: 'chat', model: 'up' }], price: { input: 1, output: 10 } },
  ],
}

/** A gateway with real objects, and persons with a key and a browser that is signed in. */
async function open(vars: Record<string, unknown> = {}) {
  const { LEDGER, KEYS, CATALOG, SESSIONS } = env
  await CATALOG.put(catalogEntry, JSON.stringify(catalog))
  const harness = await createHarness({
    upstream: () =>
      Response.json({
        choices: [{ message: { content: 'hi' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 10, completion_tokens: 5 },
      }),
    newId: (prefix) => prefix + crypto.randomUUID().replaceAll('-', ''),
    vars: { ...storage, LEDGER, KEYS, CATALOG, SESSIONS, CACHE: 'off', ...vars },
  })
  function submit(path: string, cookie: string, { form = {}, from = origin } = {}) {
    const body = new URLSearchParams(form)
    const headers = { cookie, origin: from, 'cf-connecting-ip': crypto.randomUUID() }
    return harness.request(path, { method: 'POST', key: '', origin, body, headers })
  }
  async function person(name: string, input: Partial<KeyInput> = {}) {
    const made = await createKey(KEYS, toNewFields(name, input), { now: new Date() })
    const { key } = made
    const entered = await submit('/console/session', '', { form: { key } })
    const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
    const get = (path: string) => harness.request(path, { key: '', origin, headers: { cookie } })
    return {
      key,
      id: made.record.id,
      get,
      read: async (path: string) => (await get(path)).text(),
      post: (path: string, from = origin) => submit(path, cookie, { from }),
    }
  }
  async function createBatch(key: string): Promise<string> {
    const messages = [{ role: 'user', content: 'x' }]
    const params = { model: 'm', max_tokens: 9, messages }
    const requests = ['a', 'b'].map((custom_id) => ({ custom_id, params }))
    const made = await harness.request('/v1/messages/batches', { key, json: { requests } })
    return (await made.json<{ id: string }>()).id
  }
  async function upload(key: string): Promise<string> {
    const body = new FormData()
    body.set('file', new File(['twelve bytes'], 'report.txt', { type: 'text/plain' }))
    const made = await harness.request('/v1/files', { method: 'POST', key, body })
    return (await made.json<{ id: string }>()).id
  }
  return { ...harness, person, createBatch, upload }
}

const operator: Partial<KeyInput> = { scopes: ['admin', 'inference'] }

describe('the page of batches', () => {
  test('the page of batches lists those of the session’s key, with results to download and usage in the reports', async () => {
    const { person, createBatch, runSlice, settled } = await open()
    const ada = await person('Ada', operator)
    expect(await ada.read('/console/batches')).toContain('There is no batch of this key.')
    const id = await createBatch(ada.key)
    const running = await ada.read('/console/batches')
    expect(running).toContain('2 processing')
    expect(running).toContain('in progress')
    expect(running).toContain('Cancel')

    await runSlice(id, 0)
    await settled()
    const ended = await ada.read('/console/batches')
    expect(ended).toContain('2 succeeded')
    const results = await ada.get(`/console/batches/${id}/results`)
    expect(results.headers.get('content-disposition')).toBe(`attachment; filename="${id}.jsonl"`)
    expect((await results.text()).trim().split('\n')).toHaveLength(2)

    const csv = await ada.read('/console/usage.csv?days=1&by=api_key_id')
    expect(csv).toMatch(new RegExp(`,${ada.id},Ada,2,20,0,0,10,0,`))

    expect((await ada.post(`/console/batches/${id}/delete`)).status).toBe(303)
    expect(await ada.read('/console/batches')).not.toContain(id)
  })

  test('the page of batches cancels a batch, but not for another site', async () => {
    const { person, createBatch } = await open()
    const ada = await person('Ada')
    const id = await createBatch(ada.key)
    const path = `/console/batches/${id}/cancel`
    expect((await ada.post(path, 'https://evil.test')).status).toBe(403)
    expect(await ada.read('/console/batches')).toContain('in progress')
    const canceled = await ada.post(path)
    expect([canceled.status, canceled.headers.get('location')]).toEqual([303, '/console/batches'])
    expect(await ada.read('/console/batches')).not.toContain('in progress')
  })
})

describe('the page of files', () => {
  test('the page of files lists those of the session’s key with type and size, and deletes them', async () => {
    const { person, upload } = await open()
    const ada = await person('Ada')
    expect(await ada.read('/console/files')).toContain('There is no file of this key.')
    const id = await upload(ada.key)
    const page = await ada.read('/console/files')
    for (const shown of [id, 'report.txt', 'text/plain', '12 B', 'never']) {
      expect(page).toContain(shown)
    }
    const path = `/console/files/${id}/delete`
    expect((await ada.post(path, 'https://evil.test')).status).toBe(403)
    expect(await ada.read('/console/files')).toContain(id)
    expect((await ada.post(path)).status).toBe(303)
    expect(await ada.read('/console/files')).not.toContain(id)
  })
})

describe('what another key has stored', () => {
  test('batches and files of another key are not shown to a member, who can neither change nor delete them', async () => {
    const { person, createBatch, upload } = await open()
    const [ada, eve] = [await person('Ada'), await person('Eve')]
    const [batch, file] = [await createBatch(ada.key), await upload(ada.key)]
    for (const page of ['batches', 'files']) {
      const text = await eve.read(`/console/${page}`)
      expect(text).not.toContain(batch)
      expect(text).not.toContain(file)
      expect(text).not.toContain(ada.id)
      expect((await eve.get(`/console/${page}?api_key_id=${ada.id}`)).status).toBe(403)
    }
    expect((await eve.get(`/console/batches/${batch}/results`)).status).toBe(404)
    for (const path of [
      `batches/${batch}/cancel`,
      `batches/${batch}/delete`,
      `files/${file}/delete`,
    ]) {
      expect([path, (await eve.post(`/console/${path}`)).status]).toEqual([path, 404])
      const named = `${path}?api_key_id=${ada.id}`
      expect([named, (await eve.post(`/console/${named}`)).status]).toEqual([named, 403])
    }
    expect(await ada.read('/console/batches')).toContain('in progress')
    expect(await ada.read('/console/files')).toContain(file)
  })

  test('batches and files of another key are shown to an operator who chooses the key, and can be changed', async () => {
    const { person, createBatch, upload } = await open()
    const [ada, root] = [await person('Ada'), await person('root', operator)]
    const [batch, file] = [await createBatch(ada.key), await upload(ada.key)]
    const query = `api_key_id=${ada.id}`
    expect(await root.read('/console/batches')).not.toContain(batch)
    const page = await root.read(`/console/batches?${query}`)
    expect(page).toContain(batch)
    expect(page).toMatch(new RegExp(`<option value="${ada.id}" selected="">Ada</option>`))
    const canceled = await root.post(`/console/batches/${batch}/cancel?${query}`)
    expect(canceled.headers.get('location')).toBe(`/console/batches?${query}`)
    expect(await ada.read('/console/batches')).not.toContain('in progress')
    expect(await root.read(`/console/files?${query}`)).toContain(file)
    expect((await root.post(`/console/files/${file}/delete?${query}`)).status).toBe(303)
    expect(await ada.read('/console/files')).not.toContain(file)
  })
})

test('a gateway without a bucket has no batches or files in its navigation, and the pages name the binding', async () => {
  const { person } = await open({ STORE: undefined })
  const ada = await person('Ada', operator)
  expect(await ada.read('/console')).not.toContain('/console/batches')
  for (const page of ['batches', 'files']) {
    const shown = await ada.get(`/console/${page}`)
    expect(shown.status).toBe(200)
    expect(await shown.text()).toContain('the R2 binding STORE is missing')
  }
  const stored = await (await open()).person('Ada')
  expect(await stored.read('/console')).toContain('/console/batches')
})
