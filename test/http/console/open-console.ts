/** A console over HTTP with real objects, and browsers that sign in. */
import { env } from 'cloudflare:test'

import { catalogEntry } from '../../../src/catalog/load.ts'
import { toNewFields } from '../../../src/keys/fields.ts'
import type { KeyInput } from '../../../src/keys/fields.ts'
import { createKey } from '../../../src/keys/store.ts'
import { createHarness } from '../../support/app.ts'

export const origin = 'https://gateway.test'

export const catalog = {
  version: 1,
  providers: { chat: { dialect: 'openai-chat', base_url: 'http://chat.test/v1', secret: null } },
  models: [
    { id: 'm', targets: [{ provider: 'chat', model: 'up' }], price: { input: 1, output: 10 } },
    { id: 'restricted', targets: [{ provider: 'chat', model: 'up' }] },
  ],
}

/** A gateway with real objects, and browsers that sign in with keys of their own. */
export async function open(vars: Record<string, unknown> = {}) {
  const answer = () =>
    Response.json({
      id: 'c',
      choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 10, completion_tokens: 5 },
    })
  const { LEDGER, KEYS, CATALOG, SESSIONS, CATALOG_WRITER, LIVE_LOG } = env
  await CATALOG.put(catalogEntry, JSON.stringify(catalog))
  const objects = { LEDGER, KEYS, CATALOG, SESSIONS, CATALOG_WRITER, LIVE_LOG }
  const harness = await createHarness({
    upstream: answer,
    catalog,
    vars: { ...objects, CONSOLE_LOG: 'on', CACHE: 'off', ...vars },
  })
  async function make(input: Partial<KeyInput>): Promise<{ id: string; key: string }> {
    const fields = toNewFields(input.name ?? 'test', input)
    const { key, record } = await createKey(env.KEYS, fields, { now: new Date() })
    return { id: record.id, key }
  }
  /** A browser that has signed in. */
  async function browse(input: Partial<KeyInput>, address = crypto.randomUUID()) {
    const made = await make(input)
    const entered = await submit('/console/session', { key: made.key }, { address })
    const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
    return {
      ...made,
      cookie,
      get: (path: string) => harness.request(path, { key: '', origin, headers: { cookie } }),
      post: (path: string, form: Record<string, string>) => submit(path, form, { cookie }),
    }
  }
  function submit(
    path: string,
    form: Record<string, string>,
    { cookie = '', address = 'local', site = 'same-origin', from = origin } = {},
  ): Promise<Response> {
    return harness.request(path, {
      method: 'POST',
      key: '',
      origin,
      body: new URLSearchParams(form),
      headers: {
        cookie,
        origin: from,
        'sec-fetch-site': site,
        'cf-connecting-ip': address,
      },
    })
  }
  return { ...harness, make, browse, submit }
}

export const operator = { scopes: ['admin', 'inference'] as ('admin' | 'inference')[] }

/** Operator's pages, and what their forms post to. */
export const operatorPages = [
  'keys',
  'keys/new',
  'groups',
  'usage',
  'usage.csv',
  'requests',
  'catalog',
  'health',
]
