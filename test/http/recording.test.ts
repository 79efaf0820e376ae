/** Recordings of prompts and answers: only of those that opted in, and without what is redacted. */
import { expect, test } from 'vitest'

import { openStore } from '../../src/store/open-store.ts'
import type { Harness } from '../support/app.ts'
import { chatStream, createHarness, delta } from '../support/app.ts'
import { storage } from '../support/stored.ts'

const models = (['all', 'errors', 'none'] as const).map((record) => ({
  id: record,
  targets: [{ provider: 'one', model: 'x' }],
  record,
}))

const catalog = {
  version: 1,
  providers: { one: { dialect: 'openai-chat', base_url: 'http://one.test/v1', secret: null } },
  models,
  recording: {},
}

const answer = (): Response =>
  chatStream(delta({ content: 'the answer for jane@mail.example' }, 'stop'), {
    choices: [],
    usage: { prompt_tokens: 10, completion_tokens: 5 },
  })

function bodyOf(model: string): object {
  const content = 'the question of jane@mail.example'
  return { model, max_tokens: 9, stream: true, messages: [{ role: 'user', content }] }
}

/** A harness whose requests have ids of their own in the bucket. */
function open(options: {
  upstream?: () => Response
  vars?: object
  record?: object
  document?: object
}) {
  return createHarness({
    catalog: options.document ?? catalog,
    vars: { STORE: storage.STORE, ...options.vars },
    upstream: options.upstream ?? answer,
    ...(options.record === undefined ? {} : { record: options.record }),
  })
}

async function clear(): Promise<void> {
  await (await openStore(storage))?.deleteAll('rec/')
}

async function recorded({ settled }: Harness): Promise<Record<string, unknown>[]> {
  await settled()
  const { objects } = await storage.STORE.list({ prefix: 'rec/' })
  return Promise.all(
    objects.map(async ({ key }) => {
      const object = await storage.STORE.get(key)
      const text = object!.body.pipeThrough(new DecompressionStream('gzip'))
      return JSON.parse(await new Response(text).text()) as Record<string, unknown>
    }),
  )
}

test('a request that opted in is recorded with its answer, redacted, and a header of the answer reports it', async () => {
  await clear()
  const gateway = await open({})
  const response = await gateway.request('/v1/messages', { json: bodyOf('all') })
  expect(response.headers.get('gateway-recorded')).toBe('?1')
  expect(await response.text()).toContain('jane@mail.example')
  expect(await recorded(gateway)).toMatchObject([
    {
      key_id: 'aaaaaaaaaa',
      model: 'all',
      target: 'one/x',
      status: 200,
      ending: 'complete',
      request: { messages: [{ role: 'user', content: 'the question of [redacted]' }] },
      response: { content: [{ type: 'text', text: 'the answer for [redacted]' }] },
    },
  ])
  const { objects } = await storage.STORE.list({ prefix: 'rec/' })
  expect(objects[0]?.key).toMatch(/^rec\/\d{4}\/\d\d\/\d\d\/req_\w+\.json\.gz$/)
})

test('of a model that records errors only failures are kept', async () => {
  await clear()
  const good = await open({})
  const failing = await open({ upstream: () => new Response('no', { status: 503 }) })
  await (await good.request('/v1/messages', { json: bodyOf('errors') })).text()
  expect(await recorded(good)).toEqual([])
  await (await failing.request('/v1/messages', { json: bodyOf('errors') })).text()
  expect(await recorded(failing)).toMatchObject([
    { status: 529, response: { type: 'error', error: { type: 'overloaded_error' } } },
  ])
})

test('a client that disconnects is recorded as far as it read', async () => {
  await clear()
  const { readable, writable } = new IdentityTransformStream()
  const type = { 'content-type': 'text/event-stream' }
  const gateway = await open({ upstream: () => new Response(readable, { headers: type }) })
  const controller = new AbortController()
  const asked = gateway.request('/v1/messages', {
    json: bodyOf('all'),
    signal: controller.signal,
  })
  const event = `data: ${JSON.stringify(delta({ content: '12345678' }))}\n\n`
  const written = writable.getWriter().write(new TextEncoder().encode(event))
  const reader = (await asked).body?.getReader()
  await Promise.all([written, reader?.read()])
  controller.abort()
  await reader?.cancel()
  expect(await recorded(gateway)).toMatchObject([{ ending: 'disconnected' }])
})

test('nothing is recorded without opting in, where a key opts out, and where the catalog has no recording', async () => {
  await clear()
  const { recording: _, ...without } = catalog
  const asked = [
    [await open({}), 'none'],
    [await open({ record: { metadata: { record: 'none' } } }), 'all'],
    [await open({ document: without, record: { metadata: { record: 'all' } } }), 'all'],
    [await open({ document: { ...catalog, recording: { sample: 0 } } }), 'all'],
  ] as const
  for (const [gateway, model] of asked) {
    const response = await gateway.request('/v1/messages', { json: bodyOf(model) })
    await response.text()
    expect(response.headers.get('gateway-recorded')).toBeNull()
    expect(await recorded(gateway)).toEqual([])
  }
})

test('without a bucket the answer is the same, and the log names what is missing', async () => {
  const gateway = await open({ vars: { STORE: undefined } })
  const response = await gateway.request('/v1/messages', { json: bodyOf('all') })
  expect(await response.text()).toContain('message_stop')
  await gateway.settled()
  expect(gateway.lines).toMatchObject([
    { status: 200 },
    { level: 'warn', not_recorded: 'the R2 binding STORE is missing' },
  ])
})

test('an administrator reads a recording, also an encrypted one, and no other key does', async () => {
  await clear()
  const vars = { STORAGE_KEY: 'a secret of thirty-two characters' }
  const writer = await open({ vars })
  await (await writer.request('/v1/messages', { json: bodyOf('all') })).text()
  await writer.settled()
  const { objects } = await storage.STORE.list({ prefix: 'rec/' })
  const [, year, month, day, name = ''] = objects[0]?.key.split('/') ?? []
  const path = `/v1/organizations/recordings/${year}-${month}-${day}/${name.slice(0, -8)}`
  const read = async (scopes: string[], at = path): Promise<Response> =>
    (await open({ vars, record: { scopes } })).request(at)
  expect(await (await read(['admin'])).json()).toMatchObject({ model: 'all', status: 200 })
  const refused = await Promise.all([read(['read']), read([]), read(['admin'], `${path}0`)])
  expect(refused.map(({ status }) => status)).toEqual([403, 403, 404])
})

test('tokens of MCP servers are not recorded', async () => {
  await clear()
  const harness = await open({})
  const server = { type: 'url', url: 'https://mcp.example/', name: 's' }
  const response = await harness.request('/v1/messages', {
    json: {
      ...bodyOf('all'),
      mcp_servers: [{ ...server, authorization_token: 'caller-token' }],
      tools: [{ type: 'mcp_toolset', mcp_server_name: 's', tools: [] }],
    },
  })
  expect(response.status).toBe(200)
  await response.text()
  const records = await recorded(harness)
  expect(JSON.stringify(records)).toContain('"authorization_token":"[redacted]"')
  expect(JSON.stringify(records)).not.toContain('caller-token')
})
