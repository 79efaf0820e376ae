import { describe, expect, test } from 'vitest'

import { describeFault } from '../../src/catalog/check/fault.ts'
import { parseCatalog, parseCatalogText } from '../../src/catalog/parse.ts'
import { catalogOf, modelOf, registries } from './registries.ts'

/** All that is wrong, as the operator reads it. */
function faults(document: unknown): string[] {
  const parsed = parseCatalog(document, registries)
  return 'faults' in parsed ? parsed.faults.map(describeFault) : []
}

const provider = (lab: object) => catalogOf({ providers: { lab } })
const lab = { dialect: 'chat', base_url: 'http://10.0.0.5:8000/v1' }

describe('a valid catalog', () => {
  test('a valid catalog may have every field of the schema', () => {
    const document = {
      $schema: './catalog.schema.json',
      version: 1,
      providers: {
        vendor: { preset: 'vendor', headers: { 'x-title': 'gateway' }, quirks: { field: 'x' } },
        lab: { ...lab, secret: 'LAB_API_KEY', auth: 'bearer' },
        open: { ...lab, secret: null, auth: 'none' },
      },
      models: [
        {
          id: 'claude-sonnet-4-6',
          display_name: 'GPT-5.6',
          created_at: '2026-10-01T00:00:00Z',
          max_input_tokens: 400_000,
          max_tokens: 128_000,
          capabilities: { image_input: true, pdf_input: true, thinking: true },
          lifecycle: 'deprecated',
          deprecated_at: '2026-11-01T00:00:00+01:00',
          retires_at: '2027-11-01T00:00:00Z',
          line: 'sonnet',
          targets: [
            { provider: 'vendor', model: 'gpt-5.6', quirks: { deep: { on: true } }, weight: 2 },
            { provider: 'lab', model: 'qwen', priority: 2 },
          ],
          price: { input: 1.25, output: 10, cache_read: 0.125, cache_write: 1.25 },
          count_tokens: 'local',
        },
        { id: 'openai/*', listed: false, targets: [{ provider: 'vendor', model: '*' }] },
      ],
      aliases: { 'claude-haiku-*': 'claude-sonnet-4-6', 'gpt-*': 'openai/gpt-*' },
    }
    expect(parseCatalog(document, registries)).toEqual({ catalog: document })
  })
})

describe('an invalid catalog', () => {
  test('an invalid catalog is rejected if it is not JSON', () => {
    const parsed = parseCatalogText('{"version": 1,}', registries)
    expect('faults' in parsed && parsed.faults.map(describeFault).join()).toMatch(
      /^not valid JSON: /,
    )
  })

  test.each<[string, unknown, string[]]>([
    ['not an object', [], ['Input should be a valid dictionary']],
    [
      'everything that is missing',
      {},
      ['version: Field required', 'providers: Field required', 'models: Field required'],
    ],
    ['another version', { ...catalogOf({}), version: 2 }, ['version: Input should be 1']],
    ['a misspelt field', { ...catalogOf({}), model: [] }, ['model: unknown field']],
    [
      'a wrong type deep inside',
      catalogOf({ models: [modelOf('a', 'a', { max_tokens: '4096' })] }),
      ['models.0.max_tokens: Input should be a valid number'],
    ],
    [
      'a model without targets',
      catalogOf({ models: [{ id: 'a', targets: [] }] }),
      ['models.0.targets: must not be empty'],
    ],
    [
      'a date that is none',
      catalogOf({ models: [modelOf('a', 'a', { created_at: 'yesterday' })] }),
      [expect.stringMatching(/^models\.0\.created_at: /)],
    ],
  ])('an invalid catalog is rejected for %s', (_, document, expected) => {
    expect(faults(document)).toEqual(expected)
  })

  test.each<[string, object, string[]]>([
    [
      'a provider without a base',
      {},
      ['providers.lab: required: "preset", or "dialect" and "base_url"'],
    ],
    [
      'an unknown preset',
      { preset: 'toString' },
      [
        'providers.lab.preset: unknown preset "toString"; must be one of here, original, own, vendor',
      ],
    ],
    [
      'an unknown dialect',
      { ...lab, dialect: 'klingon' },
      ['providers.lab.dialect: unknown dialect "klingon"; must be one of chat, native'],
    ],
    [
      'a dialect without an address',
      { dialect: 'chat' },
      ['providers.lab.base_url: required: base URL of the server'],
    ],
    [
      'a preset without an address',
      { preset: 'own' },
      ['providers.lab.base_url: required: base URL of the server'],
    ],
    [
      'an address that is none',
      { ...lab, base_url: 'localhost:8000' },
      ['providers.lab.base_url: must be an http or https URL'],
    ],
    [
      'an address with a password',
      { ...lab, base_url: 'https://me:secret@lab.example/v1' },
      ['providers.lab.base_url: must not contain credentials; name a Worker secret in "secret"'],
    ],
    [
      'an address with a query',
      { ...lab, base_url: 'https://lab.example/v1?key=x' },
      ['providers.lab.base_url: must not contain a query or a fragment'],
    ],
    [
      'quirks that the dialect does not know',
      { ...lab, quirks: { deep: { on: 'yes' }, shallow: 1 } },
      [
        'providers.lab.quirks.deep.on: Input should be a valid boolean',
        'providers.lab.quirks.shallow: unknown field',
      ],
    ],
    [
      'quirks of a dialect that has none',
      { preset: 'original', quirks: { deep: true } },
      ['providers.lab.quirks.deep: unknown field'],
    ],
    [
      'an auth style without a secret',
      { ...lab, auth: 'bearer' },
      ['providers.lab.auth: "bearer" requires a "secret"'],
    ],
    [
      'a credential among the headers',
      { ...lab, headers: { Authorization: 'Bearer x' } },
      [
        'providers.lab.headers.Authorization: must not be in the catalog; name a Worker secret in "secret"',
      ],
    ],
    [
      'a header that breaks the line',
      { ...lab, headers: { 'x-a': 'b\r\nc: d' } },
      ['providers.lab.headers.x-a: must be printable ASCII characters'],
    ],
  ])('an invalid catalog is rejected for %s', (_, document, expected) => {
    expect(faults(provider(document))).toEqual(expected)
  })

  test('an invalid catalog is rejected for an API key in it, with a hint where the key belongs', () => {
    expect(faults(provider({ ...lab, api_key: 'sk-live-123' }))).toEqual([
      'providers.lab.api_key: the catalog must not contain API keys; store the key as a Worker secret (`wrangler secret put NAME`, locally in .dev.vars) and set "secret" to its NAME',
    ])
  })

  test('an invalid catalog is rejected for an API key in place of a secret’s name, without repeating the key', () => {
    expect(faults(provider({ ...lab, secret: 'sk-live-123' }))).toEqual([
      'providers.lab.secret: must be the name of a Worker secret, such as OPENAI_API_KEY, not the key itself',
    ])
  })

  test.each<[string, object, string[]]>([
    [
      'a provider that does not exist',
      { models: [{ id: 'a', targets: [{ provider: 'nobody', model: 'a' }] }] },
      ['models.0.targets.0.provider: unknown provider: nobody'],
    ],
    [
      "a target's quirks",
      { models: [{ id: 'a', targets: [{ provider: 'vendor', model: 'a', quirks: { x: 1 } }] }] },
      ['models.0.targets.0.quirks.x: unknown field'],
    ],
    [
      'an id that is given twice',
      { models: [modelOf('a'), modelOf('b'), modelOf('a')] },
      ['models.2.id: must be unique: models.0 has the same id'],
    ],
    [
      'two wildcards in an id',
      { models: [modelOf('*/*', 'x')] },
      ['models.0.id: must contain at most one *'],
    ],
    [
      'a wildcard that is listed',
      { models: [modelOf('a/*', '*', { listed: true })] },
      ['models.0.listed: must not be true for an id with a *'],
    ],
    [
      'a * with nothing to stand for',
      { models: [modelOf('a', 'a/*')] },
      [
        'models.0.targets.0.model: has more * than "id"; each * is replaced by what a * of "id" matched',
      ],
    ],
    [
      'an id with a space',
      { models: [modelOf('a b', 'x')] },
      ['models.0.id: must be 1 to 256 printable ASCII characters without spaces'],
    ],
    [
      'an id that could never be asked for',
      { models: [modelOf('a[1m]', 'x')] },
      ['models.0.id: must not end in [1m]: clients append that suffix, and the gateway strips it'],
    ],
    [
      'an alias that leads nowhere',
      { models: [modelOf('a')], aliases: { b: 'c' } },
      ['aliases.b: unknown model: c'],
    ],
    [
      'an alias of an alias',
      { models: [modelOf('a')], aliases: { b: 'a', c: 'b' } },
      ['aliases.c: unknown model: b'],
    ],
    [
      'an alias that hides behind a model',
      { models: [modelOf('a'), modelOf('b')], aliases: { a: 'b' } },
      ['aliases.a: is never used: a model has this id'],
    ],
    [
      'an alias with a * of its own',
      { models: [modelOf('a/*', '*')], aliases: { b: 'a/*' } },
      ['aliases.b: has more * than the alias; each * is replaced by what a * of the alias matched'],
    ],
  ])('an invalid catalog is rejected for %s', (_, changes, expected) => {
    expect(faults(catalogOf(changes))).toEqual(expected)
  })

  test('an invalid catalog is rejected with the faults of all entries at once, each for its own cause alone', () => {
    const document = {
      version: 1,
      providers: { lab, bad: { ...lab, timeout: 1 }, other: { preset: 'nobody' } },
      models: [
        { ...modelOf('a'), max_tokens: -1 },
        { id: 'b', targets: [{ provider: 'nowhere', model: 'x' }] },
        { id: 'c', targets: [{ provider: 'bad', model: 'x' }] },
      ],
      aliases: { alias: 'a', lost: 'nothing' },
    }
    expect(faults(document).map((fault) => fault.split(':')[0])).toEqual([
      'providers.bad.timeout',
      'models.0.max_tokens',
      'providers.other.preset',
      'models.1.targets.0.provider',
      'aliases.lost',
    ])
  })

  test('an invalid catalog is rejected with all its faults', () => {
    const document = catalogOf({
      providers: { vendor: { preset: 'vendor' }, lab: { preset: 'x' }, 'my lab': lab },
      models: [modelOf('a', '*')],
    })
    expect(faults(document)).toHaveLength(3)
  })
})
