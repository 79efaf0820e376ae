import { describe, expect, test } from 'vitest'

import { withBoundModels } from '../../src/catalog/bound-models.ts'
import { bundledCatalog } from '../../src/catalog/bundled.ts'
import { listModels } from '../../src/catalog/models-list.ts'
import { parseCatalog } from '../../src/catalog/parse.ts'
import { resolveModel } from '../../src/catalog/resolve/resolve.ts'
import type { Catalog } from '../../src/catalog/schema/catalog.ts'
import { dialects } from '../../src/dialects/index.ts'
import { presets } from '../../src/providers/index.ts'
import { answersHere, catalogOf, chat, modelOf, presetOf } from './registries.ts'

const registries = { dialects, presets }

function valid(document: unknown): Catalog {
  const parsed = parseCatalog(document, registries)
  if ('faults' in parsed) {
    throw new Error(JSON.stringify(parsed.faults))
  }
  return parsed.catalog
}

const deployed = withBoundModels(valid(bundledCatalog), presets, (name) => name === 'AI')

describe('an empty catalog where a binding has models', () => {
  test('an empty catalog where a binding has models is valid, and has none of the demo', () => {
    expect(valid(deployed)).toEqual(deployed)
    expect(JSON.stringify(deployed)).not.toContain('demo')
  })

  test('an empty catalog where a binding has models lists only models with a price, a context window and a release date', () => {
    const { data } = listModels(
      { catalog: deployed, registries },
      new URLSearchParams(),
      () => true,
    )
    expect(data.length).toBeGreaterThan(5)
    for (const { id, created_at, max_input_tokens, description } of data) {
      expect(id).toMatch(/^workers-ai\/[\w.-]+$/)
      expect(max_input_tokens).toBeGreaterThanOrEqual(128_000)
      expect(created_at).toMatch(/^202[56]-/)
      expect(description).toMatch(/^@cf\/\S+ by workers-ai, \$[\d.]+ input and \$[\d.]+ output/)
    }
  })

  test.each([
    ['claude-sonnet-5', 'workers-ai/glm-5.3'],
    ['claude-opus-5-5', 'workers-ai/glm-5.3'],
    ['claude-fable-5', 'workers-ai/glm-5.3'],
    ['claude-mythos-5', 'workers-ai/glm-5.3'],
    ['claude-haiku-4-5-20251001', 'workers-ai/glm-5.3-flash'],
    ['claude-3-5-haiku-latest', 'workers-ai/glm-5.3-flash'],
  ])('an empty catalog where a binding has models answers for %s with %s', (name, id) => {
    expect(resolveModel(deployed, name)?.id).toBe(id)
  })

  test('an empty catalog where a binding has models asks a model that every plan includes after one that needs the paid plan, at its own price', () => {
    expect(resolveModel(deployed, 'claude-sonnet-5')?.targets).toEqual([
      { provider: 'workers-ai', model: '@cf/zai-org/glm-5.3' },
      {
        provider: 'workers-ai',
        model: '@cf/qwen/qwen3.8-27b',
        max_input_tokens: 262_144,
        price: { input: 0.45, output: 3.2, cache_read: 0.05 },
      },
    ])
  })

  test('an empty catalog where a binding has models still serves a provider’s models by prefix, for whose secret alone they wait', () => {
    expect(resolveModel(deployed, 'openai/gpt-x')?.targets).toEqual([
      { provider: 'openai', model: 'gpt-x' },
    ])
  })
})

test('a catalog is unchanged where no binding has models', () => {
  const catalog = valid(bundledCatalog)
  expect(withBoundModels(catalog, presets, () => false)).toBe(catalog)
})

test('models, aliases and a provider of the operator take precedence over those of a binding', () => {
  const offer = {
    binding: 'B',
    provider: 'bound',
    aliases: { 'claude-*': '@x/one', 'gpt-*': '@x/one' },
    models: [
      {
        model: '@x/one',
        displayName: 'One',
        createdAt: '2026-01-01T00:00:00Z',
        contextWindow: 1000,
        takesImages: false,
        price: { input: 1, output: 2 },
      },
    ],
  }
  const here = { dialect: chat, fetch: answersHere }
  const own = {
    bound: presetOf({ name: 'bound', ...here, offer }),
    trial: presetOf({ name: 'trial', ...here, isDemo: true }),
  }
  const catalog = catalogOf({
    providers: { vendor: { preset: 'vendor' }, trial: { preset: 'trial' } },
    models: [
      modelOf('mine'),
      { id: 'trial', targets: [{ provider: 'trial', model: 'x' }] },
      modelOf('both', 'm', {
        targets: [
          { provider: 'trial', model: 'x' },
          { provider: 'vendor', model: 'y' },
        ],
      }),
    ],
    aliases: { 'claude-*': 'mine', other: 'trial' },
  })
  const { providers, models, aliases } = withBoundModels(catalog, own, () => true)
  expect(Object.keys(providers)).toEqual(['bound', 'vendor', 'trial'])
  expect(models.map(({ id }) => id)).toEqual(['bound/one', 'mine', 'both'])
  expect(aliases).toEqual({ 'claude-*': 'mine', 'gpt-*': 'bound/one' })
})
