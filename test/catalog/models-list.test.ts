import type Anthropic from '@anthropic-ai/sdk'
import { describe, expect, test } from 'vitest'

import { GatewayError } from '../../src/anthropic/error.ts'
import { toModelInfo } from '../../src/catalog/model-info.ts'
import { describeModel, listModels } from '../../src/catalog/models-list.ts'
import type { CatalogModel } from '../../src/catalog/schema/model.ts'
import { allowsModel } from '../../src/keys/record.ts'
import { catalogOf, modelOf, registries } from './registries.ts'

const dated = (id: string, month: string, changes: object = {}) =>
  modelOf(id, id, { created_at: `2026-${month}-01T00:00:00Z`, ...changes })

const catalog = catalogOf({
  models: [
    dated('old', '01'),
    modelOf('undated'),
    dated('new', '09'),
    dated('middle', '05', { lifecycle: 'deprecated' }),
    dated('gone', '03', { lifecycle: 'retired' }),
    dated('hidden', '08', { listed: false }),
    modelOf('vendor/*', '*'),
  ],
  aliases: { 'claude-*': 'new' },
})

/** Allows the models that a key with this list may use. */
function allow(models: string[]) {
  return (...names: string[]) => allowsModel([{ models }], ...names)
}

/** What describes models besides their own entries. */
const source = { catalog, registries }

const whole = (model: CatalogModel) => ({ id: model.id, model, targets: model.targets })

function list(query = '', models: string[] = ['*']) {
  const page = listModels(source, new URLSearchParams(query), allow(models))
  return { ...page, data: page.data.map(({ id }) => id) }
}

function complaint(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof GatewayError) {
      return JSON.stringify(error.failure)
    }
    throw error
  }
  return 'none'
}

describe('the list of models', () => {
  test('the list of models contains listed models, newest first, and no retired ones', () => {
    expect(list()).toEqual({
      data: ['new', 'middle', 'old', 'undated'],
      has_more: false,
      first_id: 'new',
      last_id: 'undated',
    })
  })

  test('the list of models contains only the models that the key may use', () => {
    expect(list('', ['o*', 'middle']).data).toEqual(['middle', 'old'])
  })

  test('the list of models contains the requested stages', () => {
    expect(list('lifecycle[]=retired&lifecycle[]=deprecated').data).toEqual(['middle', 'gone'])
  })

  test('the list of models of an empty catalog is empty', () => {
    expect(list('', [])).toEqual({ data: [], has_more: false, first_id: null, last_id: null })
  })

  test.each([
    ['limit=2', ['new', 'middle'], true],
    ['limit=4', ['new', 'middle', 'old', 'undated'], false],
    ['limit=2&after_id=middle', ['old', 'undated'], false],
    ['limit=1&after_id=middle', ['old'], true],
    ['after_id=undated', [], false],
    ['limit=1&before_id=old', ['middle'], true],
    ['limit=2&before_id=old', ['new', 'middle'], false],
    ['before_id=new', [], false],
  ])('the list of models has exact pages: %s', (query, data, more) => {
    expect(list(query)).toEqual({
      data,
      has_more: more,
      first_id: data[0] ?? null,
      last_id: data.at(-1) ?? null,
    })
  })

  test('the list of models contains each model once when the SDK pages through it one at a time', () => {
    const seen: string[] = []
    let page = list('limit=1')
    seen.push(...page.data)
    while (page.has_more) {
      page = list(`limit=1&after_id=${page.last_id}`)
      seen.push(...page.data)
    }
    expect(seen).toEqual(['new', 'middle', 'old', 'undated'])
  })

  test.each([
    ['limit=0', 'limit: Input should be greater than or equal to 1'],
    ['limit=1001', 'limit: Input should be less than or equal to 1000'],
    ['limit=ten', 'limit: Input should be a valid integer, unable to parse string as an integer'],
    ['lifecycle[]=new', "lifecycle: Input should be 'active', 'deprecated' or 'retired'"],
    ['after_id=gone', 'after_id: unknown model gone; use an id of this list'],
    ['after_id=new&before_id=old', 'before_id: cannot be combined with after_id'],
  ])('the list of models rejects an invalid query: %s', (query, message) => {
    expect(complaint(() => list(query))).toBe(
      JSON.stringify({ kind: 'invalid_request', message, path: message.split(':')[0] }),
    )
  })
})

describe('a model in the API', () => {
  test('a model in the API is found by an alias, and described under its own id', () => {
    expect(describeModel(source, 'claude-x[1m]', allow(['new'])).id).toBe('new')
  })

  test('a model in the API of a wildcard is described under the requested name', () => {
    expect(describeModel(source, 'vendor/a/b', allow(['*']))).toMatchObject({
      id: 'vendor/a/b',
      display_name: 'vendor/a/b',
      description: 'a/b by vendor',
    })
  })

  test('a model in the API that is retired or not listed is still described', () => {
    expect(describeModel(source, 'gone', allow(['*'])).lifecycle).toBe('retired')
    expect(describeModel(source, 'hidden', allow(['*'])).id).toBe('hidden')
  })

  test('a model in the API that does not exist or that the key may not use is a 404', () => {
    const unknown = JSON.stringify({ kind: 'unknown_model', model: 'nothing' })
    expect(complaint(() => describeModel(source, 'nothing', allow(['*'])))).toBe(unknown)
    expect(complaint(() => describeModel(source, 'new', allow(['old'])))).toContain('unknown_model')
  })
})

describe('the description of a model', () => {
  test('the description of a model has every field, with null for the unknown', () => {
    const info: Omit<Anthropic.ModelInfo, 'line'> & { line: string | null } = toModelInfo(
      whole(modelOf('undated')),
      source,
    )
    expect(info).toEqual({
      id: 'undated',
      type: 'model',
      display_name: 'undated',
      description: 'undated by vendor',
      created_at: '1970-01-01T00:00:00Z',
      max_input_tokens: null,
      max_tokens: null,
      lifecycle: 'active',
      deprecated_at: null,
      retires_at: null,
      line: null,
      capabilities: null,
    })
  })

  test.each([
    [{}, 'm by vendor'],
    [
      { price: { input: 1.25, output: 10 } },
      'm by vendor, $1.25 input and $10 output per million tokens',
    ],
    [{ price: { input: 0, output: 0 } }, 'm by vendor, free'],
    [
      {
        price: { input: 3, output: 15 },
        targets: [
          { provider: 'second', model: 'a', priority: 1 },
          { provider: 'first', model: 'b', price: { input: 1, output: 2 } },
        ],
      },
      'b by first, $1 input and $2 output per million tokens',
    ],
  ])(
    'the description of a model names the target that is tried first, and its price: %j',
    (changes, description) => {
      expect(toModelInfo(whole(modelOf('m', 'm', changes)), source).description).toBe(description)
    },
  )

  test('the description of a model has all capabilities once the catalog states any', () => {
    const yes = { supported: true }
    const no = { supported: false }
    const { capabilities } = toModelInfo(
      whole(modelOf('m', 'm', { capabilities: { image_input: true, thinking: true } })),
      source,
    )
    expect(capabilities).toEqual({
      batch: no,
      citations: yes,
      code_execution: no,
      context_management: {
        supported: true,
        clear_thinking_20251015: yes,
        clear_tool_uses_20250919: yes,
        compact_20260112: yes,
      },
      effort: { supported: false, low: no, medium: no, high: no, xhigh: no, max: no },
      image_input: yes,
      pdf_input: no,
      server_tools: { supported: false, code_execution: no, web_search: no },
      structured_outputs: no,
      thinking: {
        supported: true,
        types: { adaptive: yes, between_tools: yes, disabled: yes, enabled: yes },
      },
    })
  })

  test.each(['context_management', 'citations'] as const)(
    'the description of a model has %s where all requests are translated, unless the catalog denies it',
    (name) => {
      const providers = { vendor: { preset: 'vendor' }, original: { preset: 'original' } }
      const isSupported = (targets: readonly string[], stated?: boolean) => {
        const capabilities = stated === undefined ? {} : { [name]: stated }
        const model = {
          ...modelOf('m', 'm', { capabilities }),
          targets: targets.map((provider) => ({ provider, model: 'm' })),
        }
        const info = toModelInfo(whole(model), { ...source, catalog: catalogOf({ providers }) })
        return info.capabilities?.[name].supported
      }
      expect(isSupported(['vendor'])).toBe(true)
      expect(isSupported(['vendor'], false)).toBe(false)
      expect(isSupported(['original'])).toBe(false)
      expect(isSupported(['original'], true)).toBe(true)
      expect(isSupported(['vendor', 'original'])).toBe(false)
    },
  )

  test('the description of a model has web search where the gateway runs it', () => {
    const searching = { server_tools: { web_search: { back_end: 'demo' } } }
    const model = modelOf('m', 'm', { capabilities: { thinking: true } })
    const searches = (own: Parameters<typeof toModelInfo>[0]['model']) =>
      toModelInfo(whole(own), { ...source, catalog: catalogOf(searching) }).capabilities
        ?.server_tools
    const [yes, no] = [{ supported: true }, { supported: false }]
    expect(searches(model)).toEqual({ ...yes, web_search: yes, code_execution: no })
    expect(searches({ ...model, server_tools: { web_search: false } })).toEqual({
      ...no,
      web_search: no,
      code_execution: no,
    })
  })
})
