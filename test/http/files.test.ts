/** The Files API over R2 and the owner's index, judged by the official SDK and by what upstreams get. */
import { toFile } from '@anthropic-ai/sdk'
import { env, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import type { Harness } from '../support/app.ts'
import { createHarness } from '../support/app.ts'
import { createStored, storage } from '../support/stored.ts'

const text = (name = 'a.txt', content = 'hello'): Promise<File> =>
  toFile(new TextEncoder().encode(content), name, { type: 'text/plain' })

interface Listed {
  data: { id: string }[]
  next_page?: string | null
}

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3, 4, 5])
const pdf = new TextEncoder().encode('%PDF-1.7\nfake')

describe('the Files API', () => {
  test('the Files API stores a file, describes, lists and deletes it', async () => {
    const { sdk } = await createStored()
    const file = await sdk.beta.files.upload({ file: await text('dir/ä 漢.txt') })
    expect(file).toMatchObject({
      type: 'file',
      filename: 'ä 漢.txt',
      mime_type: 'text/plain',
      size_bytes: 5,
      downloadable: false,
      expires_at: null,
    })
    expect(await sdk.beta.files.retrieveMetadata(file.id)).toEqual(file)
    expect((await sdk.beta.files.list()).data).toEqual([file])
    expect(await sdk.beta.files.delete(file.id)).toEqual({ id: file.id, type: 'file_deleted' })
    await expect(sdk.beta.files.retrieveMetadata(file.id)).rejects.toThrow(/404.*not found/i)
  })

  test('the Files API lists in both shapes, in pages, and by ids', async () => {
    const { sdk, request } = await createStored()
    const ids: string[] = []
    for (let index = 0; index < 5; index++) {
      ids.unshift((await sdk.beta.files.upload({ file: await text(`${index}.txt`) })).id)
    }
    const json = async (query: string, headers = {}): Promise<Listed> =>
      (await request(`/v1/files?${query}`, { headers })).json<Listed>()
    const first = await json('limit=2')
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2))
    const second = await json(`limit=2&page=${first.next_page}`)
    expect(second.data.map(({ id }) => id)).toEqual(ids.slice(2, 4))
    const last = await json(`limit=2&page=${second.next_page}`)
    expect(last).toMatchObject({ data: [{ id: ids[4] }], next_page: null })
    const beta = { 'anthropic-beta': 'files-api-2025-04-14' }
    const old = await json(`limit=2&before_id=${ids[4]}`, beta)
    expect(old).toMatchObject({ has_more: true, first_id: ids[2], last_id: ids[3] })
    const named = await json(`ids[]=${ids[3]}&ids[]=file_gwunknown&ids[]=${ids[1]}`)
    expect(named.data.map(({ id }) => id)).toEqual([ids[1], ids[3]])
  })

  test('the Files API serves content only where the catalog lets clients download', async () => {
    const { sdk, request } = await createStored()
    const { id } = await sdk.beta.files.upload({ file: await text() })
    const refused = await request(`/v1/files/${id}/content`)
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({
      error: { details: { error_code: 'file_not_downloadable' } },
    })
    const catalog = { version: 1, providers: {}, models: [], files: { downloadable: true } }
    const open = await createStored({ catalog })
    const file = await open.sdk.beta.files.upload({ file: await text('b.txt', 'content') })
    expect(file.downloadable).toBe(true)
    const content = await open.request(`/v1/files/${file.id}/content`)
    expect(content.headers.get('content-type')).toBe('text/plain')
    expect(await content.text()).toBe('content')
  })

  test('the Files API keeps a file of several parts, encrypted where there is a secret', async () => {
    const id = crypto.randomUUID()
    const catalog = { version: 1, providers: {}, models: [], files: { downloadable: true } }
    const vars = { STORAGE_KEY: 'a secret of the operator' }
    const { sdk, request } = await createStored({ owner: id, catalog, vars })
    const bytes = new Uint8Array(17 * 1024 * 1024)
    for (let at = 0; at < bytes.length; at += 1000) {
      bytes[at] = at % 251
    }
    const file = await sdk.beta.files.upload({ file: await toFile(bytes, 'big.bin') })
    expect(file.size_bytes).toBe(bytes.length)
    const stored = await storage.STORE.get(`files/${id}/${file.id}`)
    expect(stored?.size).toBe(bytes.length + 3 * 28)
    const read = await (await request(`/v1/files/${file.id}/content`)).arrayBuffer()
    expect(Buffer.compare(Buffer.from(read), Buffer.from(bytes))).toBe(0)
  })

  test('the Files API gives an expired file 404 with its code, and deletes its object', async () => {
    const id = crypto.randomUUID()
    const { sdk, request } = await createStored({ owner: id })
    const form = new FormData()
    form.set('expires_in_seconds', '3600')
    form.set('file', await text())
    const made = await request('/v1/files', { method: 'POST', body: form })
    const file = await made.json<{ id: string; created_at: string; expires_at: string }>()
    expect(Date.parse(file.expires_at) - Date.parse(file.created_at)).toBe(3_600_000)
    const index = env.OWNER_INDEX.getByName(id)
    await runInDurableObject(index, (_, { storage: { sql } }) =>
      sql.exec('UPDATE files SET expires_at = 1'),
    )
    const gone = await request(`/v1/files/${file.id}`)
    expect(gone.status).toBe(404)
    expect(await gone.json()).toMatchObject({ error: { details: { error_code: 'file_expired' } } })
    await runDurableObjectAlarm(index)
    expect(await storage.STORE.get(`files/${id}/${file.id}`)).toBeNull()
    expect((await sdk.beta.files.list()).data).toEqual([])
  })

  test('the Files API holds the quota of a key, and leaves nothing of a refused file', async () => {
    const id = crypto.randomUUID()
    const { sdk } = await createStored({
      owner: id,
      record: { limits: { files: { bytes: 8, count: 2 } } },
    })
    await sdk.beta.files.upload({ file: await text('a.txt', '12345') })
    await expect(sdk.beta.files.upload({ file: await text('b.txt', '1234') })).rejects.toThrow(
      /400.*storage_quota_exceeded/,
    )
    await sdk.beta.files.upload({ file: await text('c.txt', '123') })
    await expect(sdk.beta.files.upload({ file: await text('d.txt', '') })).rejects.toThrow(/quota/)
    const { objects } = await storage.STORE.list({ prefix: `files/${id}/` })
    expect(objects).toHaveLength(2)
  })

  test.each([
    ['a body that is no form', 'x', 'text/plain', /multipart\/form-data/],
    [
      'a form without a file',
      '--b\r\ncontent-disposition: form-data; name="x"\r\n\r\ny\r\n--b--',
      'multipart/form-data; boundary=b',
      /file: Field required/,
    ],
    [
      'a form that is cut off',
      '--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\ny',
      'multipart/form-data; boundary=b',
      /last boundary/,
    ],
    [
      'a name with forbidden characters',
      '--b\r\ncontent-disposition: form-data; name="file"; filename="a?b"\r\n\r\ny\r\n--b--',
      'multipart/form-data; boundary=b',
      /filename/,
    ],
    [
      'content of another type',
      '--b\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\ncontent-type: image/png\r\n\r\ny\r\n--b--',
      'multipart/form-data; boundary=b',
      /not of type image\/png/,
    ],
  ])('the Files API refuses %s', async (_what, body, type, message) => {
    const { request } = await createStored()
    const response = await request('/v1/files', {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    })
    expect(response.status).toBe(400)
    expect(await response.text()).toMatch(message)
  })

  test('the Files API names an empty file after its type', async () => {
    const { request } = await createStored()
    const body =
      '--b\r\ncontent-disposition: form-data; name="file"; filename=""\r\ncontent-type: text/csv\r\n\r\n\r\n--b--\r\n'
    const response = await request('/v1/files', {
      method: 'POST',
      body,
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
    })
    expect(await response.json()).toMatchObject({ filename: 'unnamed.csv', size_bytes: 0 })
  })

  test('the Files API is 404 with the name of the binding where there is no bucket', async () => {
    const { request } = await createHarness({ vars: { OWNER_INDEX: env.OWNER_INDEX } })
    const response = await request('/v1/files')
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('the R2 binding STORE is missing')
  })

  test("the Files API answers 404 for another key's file in every call; an admin key sees it by its owner", async () => {
    const id = crypto.randomUUID()
    const mine = await createStored({ owner: id })
    const file = await mine.sdk.beta.files.upload({ file: await text() })
    const { request, sdk } = await createStored()
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/content'],
      ['DELETE', ''],
    ] as const) {
      expect((await request(`/v1/files/${file.id}${path}`, { method })).status).toBe(404)
    }
    expect((await sdk.beta.files.list()).data).toEqual([])
    expect((await request(`/v1/files?api_key_id=${id}`)).status).toBe(403)
    const admin = await createStored({ record: { scopes: ['admin'] } })
    const seen = await (await admin.request(`/v1/files?api_key_id=${id}`)).json()
    expect(seen).toMatchObject({ data: [{ id: file.id }] })
    expect((await admin.request('/v1/files', { method: 'POST', body: 'x' })).status).toBe(403)
  })
})

const answers: Record<string, () => Response> = {
  '/chat/completions': () =>
    Response.json({ choices: [{ message: { content: 'ok' }, finish_reason: 'stop' }] }),
  '/responses': () => Response.json({ status: 'completed', output: [] }),
  ':generateContent': () =>
    Response.json({ candidates: [{ content: { parts: [{ text: 'ok' }] }, finishReason: 'STOP' }] }),
  '/messages': () => Response.json({ type: 'message', content: [], usage: {} }),
}

const catalog = {
  version: 1,
  providers: {
    chat: {
      dialect: 'openai-chat',
      base_url: 'http://chat.test/v1',
      secret: null,
      stream_plain: false,
    },
    responses: {
      dialect: 'openai-responses',
      base_url: 'http://responses.test/v1',
      secret: null,
      stream_plain: false,
    },
    gemini: {
      dialect: 'gemini',
      base_url: 'http://gemini.test/v1',
      secret: null,
      stream_plain: false,
    },
    claude: { preset: 'anthropic', base_url: 'http://claude.test', secret: null },
  },
  models: ['chat', 'responses', 'gemini', 'claude'].map((id) => ({
    id,
    targets: [{ provider: id, model: id }],
  })),
}

describe('a message with files', () => {
  const upstream = (request: Request): Response => {
    const found = Object.entries(answers).find(([path]) => request.url.includes(path))
    return found?.[1]() ?? new Response('unexpected', { status: 500 })
  }

  async function uploaded(): Promise<Harness & { ids: Record<'txt' | 'png' | 'pdf', string> }> {
    const { sdk, ...harness } = await createStored({ catalog, upstream })
    const put = async (bytes: Uint8Array, name: string, type: string): Promise<string> =>
      (await sdk.beta.files.upload({ file: await toFile(bytes, name, { type }) })).id
    return {
      ...harness,
      ids: {
        txt: await put(new TextEncoder().encode('the text of a file'), 'a.txt', 'text/plain'),
        png: await put(png, 'a.png', 'image/png'),
        pdf: await put(pdf, 'a.pdf', 'application/pdf'),
      },
    }
  }

  const file = (type: string, file_id: string): object => ({
    type,
    source: { type: 'file', file_id },
  })

  test.each(['chat', 'responses', 'gemini', 'claude'])(
    'a message with files carries text, image and PDF to %s',
    async (model) => {
      const { request, sent, ids } = await uploaded()
      const content = [
        file('document', ids.txt),
        file('image', ids.png),
        file('document', ids.pdf),
        { type: 'text', text: 'What is this?' },
      ]
      const json = { model, max_tokens: 9, messages: [{ role: 'user', content }] }
      const response = await request('/v1/messages', { json })
      expect(response.status).toBe(200)
      const upstreamBody = JSON.stringify(sent[0]?.body)
      expect(upstreamBody).toContain('the text of a file')
      expect(upstreamBody).toContain(Buffer.from(png).toString('base64'))
      expect(upstreamBody).toContain(Buffer.from(pdf).toString('base64'))
      expect(upstreamBody).not.toContain('file_gw')
    },
  )

  test('a message with files is counted with the content of its files', async () => {
    const { request, ids } = await uploaded()
    const count = async (content: object[]): Promise<number> => {
      const json = { model: 'chat', messages: [{ role: 'user', content }] }
      const response = await request('/v1/messages/count_tokens', { json })
      return (await response.json<{ input_tokens: number }>()).input_tokens
    }
    const inline = { type: 'text', media_type: 'text/plain', data: 'the text of a file' }
    expect(await count([file('document', ids.txt)])).toBe(
      await count([{ type: 'document', title: 'a.txt', source: inline }]),
    )
  })

  test('a message with files keeps long numbers of tool calls beside a file', async () => {
    const { request, sent, ids } = await uploaded()
    const body = `{"model":"claude","max_tokens":9,"messages":[
      {"role":"user","content":[${JSON.stringify(file('document', ids.txt))}]},
      {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"n","input":{"id":12345678901234567890}}]},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[${JSON.stringify(file('image', ids.png))}]}]}]}`
    expect((await request('/v1/messages', { method: 'POST', body })).status).toBe(200)
    expect(sent).toHaveLength(1)
    const raw = JSON.stringify(sent[0]?.body)
    expect(raw).toContain(Buffer.from(png).toString('base64'))
    // The harness parses the body, which rounds the number; a marked or stringified one would show.
    expect(raw).toContain('"id":12345678901234567000')
  })

  test('a message with files is refused for a file of another key, an unsuitable type, or one that was deleted', async () => {
    const other = await uploaded()
    const mine = await uploaded()
    const ask = async (block: object, { request } = other): Promise<[number, string]> => {
      const json = { model: 'chat', max_tokens: 9, messages: [{ role: 'user', content: [block] }] }
      const response = await request('/v1/messages', { json })
      return [response.status, await response.text()]
    }
    expect(await ask(file('document', mine.ids.txt))).toEqual([
      404,
      expect.stringContaining('messages.0.content.0.source.file_id: File not found'),
    ])
    expect(await ask(file('image', other.ids.txt))).toEqual([
      400,
      expect.stringContaining('a file of type text/plain cannot be used'),
    ])
    expect((await ask(file('document', other.ids.txt)))[0]).toBe(200)
    await other.request(`/v1/files/${other.ids.txt}`, { method: 'DELETE' })
    expect((await ask(file('document', other.ids.txt)))[0]).toBe(404)
  })

  test("a message with files passes the provider's own file ids through to an Anthropic host", async () => {
    const { request, sent } = await uploaded()
    const content = [file('document', 'file_011CNha8iCJcU1wXNR6q4V8w')]
    const json = { model: 'claude', max_tokens: 9, messages: [{ role: 'user', content }] }
    expect((await request('/v1/messages', { json })).status).toBe(200)
    expect(JSON.stringify(sent[0]?.body)).toContain('file_011CNha8iCJcU1wXNR6q4V8w')
  })
})
