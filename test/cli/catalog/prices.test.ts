import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { readListedModel } from '../../../src/cli/catalog/listed-model.ts'
import { run } from '../run.ts'
import { serve } from '../serve.ts'

const tier = { type: 'context', size: 272_000 }

const devModels = {
  lab: {
    env: ['LAB_API_KEY'],
    models: {
      chat: { cost: { input: 2, output: 12, cache_read: 0.2 } },
      long: {
        cost: {
          input: 1,
          output: 5,
          cache_write: 1.25,
          cache_write_1h: 2,
          tiers: [{ tier, input: 2, output: 7.5 }],
          context_over_200k: { input: 2, output: 7.5 },
        },
      },
      older: { cost: { input: 1, output: 5, context_over_200k: { input: 2, output: 9 } } },
      same: { cost: { input: 1, output: 5 } },
    },
  },
  other: { env: ['OTHER_API_KEY'], models: { chat: { cost: { input: 3, output: 12 } } } },
}

const server = { dialect: 'openai-chat', base_url: 'http://lab.test/v1' }

const models = [
  {
    id: 'a',
    targets: [{ provider: 'lab', model: 'chat' }],
    price: { input: 1, output: 12, web_search: 10 },
  },
  { id: 'b', targets: [{ provider: 'lab', model: 'long' }] },
  { id: 'c', targets: [{ provider: 'lab', model: 'older' }], price: { input: 1, output: 5 } },
  { id: 'd', targets: [{ provider: 'lab', model: 'same' }], price: { input: 1, output: 5 } },
  {
    id: 'e',
    targets: [
      { provider: 'lab', model: 'chat', price: { input: 1, output: 1 } },
      { provider: 'other', model: 'chat' },
    ],
    price: { input: 7, output: 7 },
  },
  { id: 'f', targets: [{ provider: 'mine', model: 'chat' }], price: { input: 9, output: 9 } },
  { id: 'lab/*', targets: [{ provider: 'lab', model: '*' }] },
]

async function start() {
  const { url, close } = await serve({ '/api.json': devModels })
  const file = join(await mkdtemp(join(tmpdir(), 'messages-gateway-')), 'catalog.json')
  const providers = {
    lab: { ...server, secret: 'LAB_API_KEY' },
    other: { ...server, secret: 'OTHER_API_KEY' },
    mine: { ...server, base_url: 'http://mine.test/v1', secret: null },
  }
  await writeFile(file, JSON.stringify({ version: 1, providers, models }))
  const prices = (...args: string[]) =>
    run('catalog', 'prices', '--file', file, '--models-dev', `${url}/api.json`, ...args)
  const read = async (): Promise<{ models: typeof models }> =>
    JSON.parse(await readFile(file, 'utf8'))
  return { prices, read, close, file }
}

describe('catalog prices', () => {
  test('catalog prices shows the prices that differ from models.dev, and writes nothing', async () => {
    const { prices, read, close } = await start()
    const { code, stdout } = await prices()
    expect(code).toBe(0)
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining([
        'a: price.input: 1 → 2',
        'a: price.cache_read: (none) → 0.2',
        'b: price.cache_write_1h: (none) → 2',
        'b: price.tiers: (none) → [{"above_input_tokens":272000,"input":2,"output":7.5}]',
        'c: price.tiers: (none) → [{"above_input_tokens":200000,"input":2,"output":9}]',
        'e: targets.0.price.input: 1 → 2',
        'e: targets.1.price.input: (none) → 3',
        'models.dev has no price for: f, lab/*.',
      ]),
    )
    expect(stdout).not.toMatch(/^[df]:/m)
    expect((await read()).models).toEqual(models)
    close()
  })

  test('catalog prices --update writes new prices, and keeps those that models.dev does not know', async () => {
    const { prices, read, close, file } = await start()
    await prices('--update')
    const written = Object.fromEntries((await read()).models.map((model) => [model.id, model]))
    expect(written['a']?.price).toEqual({ input: 2, output: 12, cache_read: 0.2, web_search: 10 })
    expect(written['e']).toMatchObject({
      price: { input: 7, output: 7 },
      targets: [{ price: { input: 2, output: 12 } }, { price: { input: 3, output: 12 } }],
    })
    expect(written['f']).toEqual(models[5])
    expect((await prices('--json')).stdout).toContain('"changes":[]')
    expect((await run('catalog', 'check', '--file', file)).code).toBe(0)
    close()
  })

  test('catalog prices --match changes no other models', async () => {
    const { prices, read, close } = await start()
    await prices('--update', '--match', 'b')
    expect((await read()).models.map(({ price }) => price)).toEqual([
      models[0]?.price,
      expect.objectContaining({ input: 1, cache_write: 1.25 }),
      ...models.slice(2).map(({ price }) => price),
    ])
    close()
  })

  test('catalog prices reports the error if models.dev does not respond', async () => {
    const { prices, close } = await start()
    close()
    const { code, stderr } = await prices()
    expect(code).toBe(1)
    expect(stderr).toMatch(/^Could not connect to http:/)
  })
})

describe('the price of a model list', () => {
  test('the price in a model list includes cache writes for one hour', () => {
    const pricing = { prompt: '0.000001', completion: '0.000005', input_cache_write_1h: '0.000002' }
    expect(readListedModel({ id: 'x', pricing })?.price).toEqual({
      input: 1,
      output: 5,
      cache_write_1h: 2,
    })
  })

  test('the price in a model list has tiers for long prompts, with the base rate where a tier has no own rate', () => {
    const pricing = {
      input: '0.000001',
      output: '0.000005',
      input_cache_read: '0.0000002',
      input_tiers: [
        { cost: '0.000001', min: 0, max: 32_001 },
        { cost: '0.0000018', min: 32_001 },
      ],
      output_tiers: [
        { cost: '0.000005', min: 0, max: 32_001 },
        { cost: '0.000009', min: 32_001 },
      ],
    }
    expect(readListedModel({ id: 'x', pricing })?.price).toEqual({
      input: 1,
      output: 5,
      cache_read: 0.2,
      tiers: [{ above_input_tokens: 32_000, input: 1.8, output: 9, cache_read: 0.2 }],
    })
  })
})
