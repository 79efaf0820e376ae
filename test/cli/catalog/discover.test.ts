import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { run } from '../run.ts'
import { serve } from '../serve.ts'

const devModels = {
  lab: {
    id: 'lab',
    name: 'Lab',
    env: ['LAB_API_KEY'],
    models: {
      'chat-1': {
        id: 'chat-1',
        name: 'Chat One',
        reasoning: true,
        structured_output: true,
        release_date: '2026-03',
        modalities: { input: ['text', 'image', 'pdf'], output: ['text'] },
        limit: { context: 400_000, input: 272_000, output: 128_000 },
        cost: { input: 1.25, output: 10, cache_read: 0.125 },
      },
      'draw-1': { id: 'draw-1', name: 'Draw', modalities: { input: ['text'], output: ['image'] } },
      'chat-0': { id: 'chat-0', name: 'Chat Zero', status: 'deprecated' },
    },
  },
}

const chatOne = {
  id: 'lab/chat-1',
  display_name: 'Chat One',
  created_at: '2026-03-01T00:00:00Z',
  max_input_tokens: 272_000,
  max_tokens: 128_000,
  capabilities: { image_input: true, pdf_input: true, thinking: true, structured_outputs: true },
  price: { input: 1.25, output: 10, cache_read: 0.125 },
  targets: [{ provider: 'lab', model: 'chat-1' }],
}

/** Serves a provider's model list and models.dev. */
async function start(models: object[], entries: object[] = []) {
  const server = await serve({
    '/v1/models': { data: models },
    '/api.json': devModels,
  })
  const folder = await mkdtemp(join(tmpdir(), 'messages-gateway-'))
  const file = join(folder, 'catalog.json')
  const lab = { dialect: 'openai-chat', base_url: `${server.url}/v1`, secret: 'LAB_API_KEY' }
  const catalog = { version: 1, providers: { lab }, models: entries }
  await writeFile(file, JSON.stringify(catalog))
  const discover = (...args: string[]) =>
    run(
      'catalog',
      'discover',
      'lab',
      '--file',
      file,
      '--models-dev',
      `${server.url}/api.json`,
      ...args,
    )
  const read = async (): Promise<{ models: unknown[] }> => JSON.parse(await readFile(file, 'utf8'))
  return { server, discover, read, file }
}

test('discover proposes the listed models with the facts of models.dev, and writes nothing', async () => {
  process.env['LAB_API_KEY'] = 'sk-lab'
  const { server, discover, read } = await start([
    { id: 'chat-1' },
    { id: 'draw-1' },
    { id: 'chat-0' },
  ])
  const { stdout, code } = await discover('--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual({
    provider: 'lab',
    models: 3,
    notes: [],
    changes: [{ kind: 'add', entry: chatOne }],
  })
  expect(server.seen[0]).toMatchObject({
    path: '/v1/models',
    headers: { authorization: 'Bearer sk-lab' },
  })
  expect(server.seen[1]?.headers).not.toHaveProperty('authorization')
  expect((await read()).models).toEqual([])
  server.close()
})

test('discover --write adds entries that make a valid catalog, before any wildcard', async () => {
  process.env['LAB_API_KEY'] = 'sk-lab'
  const { server, discover, read, file } = await start(
    [{ id: 'chat-1' }],
    [{ id: 'lab/*', targets: [{ provider: 'lab', model: '*' }] }],
  )
  const { stdout } = await discover('--write')
  expect(stdout).toContain('+   "id": "lab/chat-1"')
  expect((await read()).models).toEqual([
    chatOne,
    { id: 'lab/*', targets: [{ provider: 'lab', model: '*' }] },
  ])
  expect(await run('catalog', 'check', '--file', file)).toMatchObject({ code: 0 })
  const again = await discover()
  expect(again.stdout).toContain('0 to add, 0 fields to fill in, 0 values differ')
  server.close()
})

test('discover --write fills in missing fields, and only --update changes existing values', async () => {
  process.env['LAB_API_KEY'] = 'sk-lab'
  const entry = {
    id: 'claude-mine',
    display_name: 'Mine',
    max_tokens: 1000,
    capabilities: { thinking: true },
    targets: [{ provider: 'lab', model: 'chat-1' }],
  }
  const { server, discover, read } = await start([{ id: 'chat-1' }], [entry])
  const { stdout } = await discover('--write')
  expect(stdout).toContain(
    '! claude-mine: "max_tokens" is 1000 in the catalog, 128000 at the provider',
  )
  expect((await read()).models).toEqual([
    {
      ...entry,
      max_input_tokens: 272_000,
      capabilities: chatOne.capabilities,
      price: chatOne.price,
    },
  ])
  await discover('--write', '--update')
  expect((await read()).models).toEqual([expect.objectContaining({ max_tokens: 128_000 })])
  server.close()
})

test('discover uses only models.dev, with a note, when the secret of the provider is not set', async () => {
  delete process.env['LAB_API_KEY']
  const { server, discover } = await start([])
  const { stdout } = await discover()
  expect(stdout).toContain(
    'The model list of lab was not fetched: LAB_API_KEY is not set in the environment or in .dev.vars.',
  )
  expect(stdout).toContain('1 to add')
  expect(server.seen.map(({ path }) => path)).toEqual(['/api.json'])
  server.close()
})

test('discover names the URL that returned an error, and never the key', async () => {
  process.env['LAB_API_KEY'] = 'sk-lab-secret'
  const server = await serve({})
  const folder = await mkdtemp(join(tmpdir(), 'messages-gateway-'))
  const file = join(folder, 'catalog.json')
  const lab = { dialect: 'openai-chat', base_url: `${server.url}/v1`, secret: 'LAB_API_KEY' }
  await writeFile(file, JSON.stringify({ version: 1, providers: { lab }, models: [] }))
  const { code, stderr } = await run(
    'catalog',
    'discover',
    'lab',
    '--file',
    file,
    '--no-models-dev',
  )
  expect(code).toBe(1)
  expect(stderr).toBe(`${server.url}/v1/models returned 404: there is nothing\n`)
  server.close()
})

test('discover adds a provider for a preset that the catalog does not name', async () => {
  const { server, file } = await start([])
  const { stderr } = await run('catalog', 'discover', 'nobody', '--file', file)
  expect(stderr).toBe(
    'Unknown provider "nobody": it is neither a provider of the catalog nor a preset.\n',
  )
  delete process.env['OPENAI_API_KEY']
  const args = ['--as', 'lab', '--models-dev', `${server.url}/api.json`, '--write']
  await run('catalog', 'discover', 'openai', '--file', file, ...args)
  const written: object = JSON.parse(await readFile(file, 'utf8'))
  expect(written).toMatchObject({
    providers: { openai: { preset: 'openai' } },
    models: [{ id: 'openai/chat-1', targets: [{ provider: 'openai', model: 'chat-1' }] }],
  })
  server.close()
})

test('discover requires a base_url for a preset whose URL depends on the account', async () => {
  const { server, file } = await start([])
  const { stderr } = await run('catalog', 'discover', 'azure', '--file', file, '--no-models-dev')
  expect(stderr).toBe('The provider "azure" requires a "base_url" in the catalog.\n')
  server.close()
})
