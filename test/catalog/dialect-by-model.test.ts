/** Presets of vendors that serve some models by another protocol than the rest. */
import { describe, expect, test } from 'vitest'

import { describeFault } from '../../src/catalog/check/fault.ts'
import { parseCatalog } from '../../src/catalog/parse.ts'
import type { Registries } from '../../src/catalog/registries.ts'
import { toResolvedTarget } from '../../src/catalog/resolve/resolved-target.ts'
import type { CatalogProvider } from '../../src/catalog/schema/provider.ts'
import { dialects } from '../../src/dialects/index.ts'
import { presets } from '../../src/providers/index.ts'
import { catalogOf, dialectOf, modelOf, registries as plain, ruleOf } from './registries.ts'

const other = dialectOf('other')

const registries: Registries = {
  dialects: { ...plain.dialects, other },
  presets: {
    vendor: {
      ...plain.presets['vendor']!,
      models: [
        ruleOf('big-*', { field: 'big' }),
        { match: '*-new', dialect: other, quirks: { field: 'new' } },
        ruleOf('big-new', { field: 'big of old' }),
      ],
    },
  },
}

function upstream(model: string, provider: CatalogProvider = { preset: 'vendor' }) {
  const catalog = catalogOf({ providers: { vendor: provider } })
  const entry = modelOf('m', model)
  return toResolvedTarget(catalog, registries, entry, entry.targets[0]!)
}

describe('a model rule that names another dialect', () => {
  test('a model rule that names another dialect selects that dialect with its quirks', () => {
    expect(upstream('big-new')).toMatchObject({
      dialect: { name: 'other' },
      quirks: [{ field: 'new' }],
    })
    expect(upstream('big-old')).toMatchObject({
      dialect: { name: 'chat' },
      quirks: [{ field: 'preset' }, { field: 'big' }],
    })
  })

  test('the dialect in the catalog takes precedence over the one of a model rule', () => {
    expect(upstream('big-new', { preset: 'vendor', dialect: 'chat' })).toMatchObject({
      dialect: { name: 'chat' },
      quirks: [{ field: 'preset' }, { field: 'big' }, { field: 'big of old' }],
    })
  })

  test('a model rule that names another dialect does not apply the provider’s quirks of the other dialect', () => {
    const provider = { preset: 'vendor', quirks: { field: 'provider' } }
    expect(upstream('big-new', provider).quirks).toEqual([{ field: 'new' }])
    expect(upstream('big-old', provider).quirks).toHaveLength(3)
  })

  test('a model rule that names another dialect has its own quirks checked against that dialect', () => {
    const built = { presets, dialects }
    const faults = (model: string) => {
      const parsed = parseCatalog(
        {
          version: 1,
          providers: { openai: { preset: 'openai' } },
          models: [
            { id: 'm', targets: [{ provider: 'openai', model, quirks: { store_field: false } }] },
          ],
        },
        built,
      )
      return 'faults' in parsed ? parsed.faults.map(describeFault) : []
    }
    expect(faults('gpt-5.6-terra')).toEqual([])
    expect(faults('gpt-4.1')).toEqual(['models.0.targets.0.quirks.store_field: unknown field'])
  })
})

describe('openai', () => {
  test.each([
    ['gpt-4.1', 'openai-chat'],
    ['gpt-5', 'openai-chat'],
    ['gpt-5.1', 'openai-chat'],
    ['gpt-5.2', 'openai-chat'],
    ['o3', 'openai-chat'],
    ['gpt-5-codex', 'openai-responses'],
    ['codex-mini-latest', 'openai-responses'],
    ['gpt-5.3-codex', 'openai-responses'],
    ['o3-pro', 'openai-responses'],
    ['gpt-5-pro', 'openai-responses'],
    ['gpt-5.2-pro', 'openai-responses'],
    ['gpt-5.4', 'openai-responses'],
    ['gpt-5.4-mini', 'openai-responses'],
    ['gpt-5.5-pro', 'openai-responses'],
    ['gpt-5.6-terra', 'openai-responses'],
  ])('the provider openai serves %s by the dialect %s', (model, name) => {
    const catalog = catalogOf({ providers: { vendor: { preset: 'openai' } } })
    const entry = modelOf('m', model)
    const { dialect } = toResolvedTarget(catalog, { presets, dialects }, entry, entry.targets[0]!)
    expect(dialect.name).toBe(name)
  })
})
