import { describe, expect, test } from 'vitest'

import { toResolvedTarget } from '../../src/catalog/resolve/resolved-target.ts'
import type { CatalogModel, CatalogTarget } from '../../src/catalog/schema/model.ts'
import type { CatalogProvider } from '../../src/catalog/schema/provider.ts'
import { answersHere, catalogOf, native, registries } from './registries.ts'

const model: CatalogModel = { id: 'm', targets: [] }

function upstream(
  provider: CatalogProvider,
  changes: Partial<CatalogTarget> = {},
  entry: CatalogModel = model,
) {
  const target = { provider: 'p', model: 'big-mini', ...changes }
  return toResolvedTarget(catalogOf({ providers: { p: provider } }), registries, entry, target)
}

describe('a resolved target', () => {
  test('a resolved target takes everything from its preset', () => {
    expect(upstream({ preset: 'vendor' }, { model: 'plain' })).toEqual({
      provider: 'p',
      marks: { geo: undefined, speed: undefined, serviceTier: undefined },
      model: 'plain',
      limits: {},
      takes: {},
      name: 'p/plain',
      genAiProvider: 'vendor',
      priority: 0,
      weight: undefined,
      price: undefined,
      fetch: undefined,
      aiGateway: undefined,
      dialect: expect.objectContaining({ kind: 'translated', name: 'chat' }),
      quirks: [{ field: 'preset' }],
      baseUrl: 'https://vendor.example/v1',
      auth: 'api-key',
      secrets: ['VENDOR_API_KEY'],
      headers: { 'x-vendor': 'preset', 'x-other': 'preset' },
      timeouts: {
        connect_seconds: 120,
        first_byte_seconds: 600,
        idle_seconds: 300,
        total_seconds: 3600,
      },
      streamsPlain: undefined,
      countsTokens: false,
    })
  })

  test('a resolved target prefers the catalog’s fields to the preset’s', () => {
    const provider: CatalogProvider = {
      preset: 'vendor',
      base_url: 'https://proxy.example/v1/',
      secret: 'PROXY_KEY',
      auth: 'bearer',
      headers: { 'x-vendor': 'catalog' },
    }
    expect(upstream(provider)).toMatchObject({
      baseUrl: 'https://proxy.example/v1',
      auth: 'bearer',
      secrets: ['PROXY_KEY'],
      headers: { 'x-vendor': 'catalog', 'x-other': 'preset' },
    })
  })

  test('a resolved target may have several secrets, and timeouts of its own', () => {
    const provider: CatalogProvider = {
      preset: 'vendor',
      secrets: ['KEY_A', 'KEY_B'],
      timeouts: { idle_seconds: 20 },
    }
    const { secrets, timeouts } = upstream(provider)
    expect(secrets).toEqual(['KEY_A', 'KEY_B'])
    expect(timeouts).toMatchObject({ idle_seconds: 20, total_seconds: 3600 })
  })

  test('a resolved target may have a context window of its own', () => {
    expect(upstream({ preset: 'vendor' }, { max_input_tokens: 900 }).limits).toEqual({
      maxInputTokens: 900,
    })
  })

  test('a resolved target merges quirks in this order: preset, the preset’s model rules, provider, target', () => {
    const provider = { preset: 'vendor', quirks: { field: 'provider' } }
    expect(upstream(provider, { quirks: { field: 'target' } }).quirks).toEqual([
      { field: 'preset' },
      { field: 'big' },
      { field: 'mini' },
      { field: 'provider' },
      { field: 'target' },
    ])
  })

  test('a resolved target does not take the preset’s quirks if the catalog names another dialect', () => {
    expect(upstream({ preset: 'vendor', dialect: 'native' })).toMatchObject({
      dialect: native,
      quirks: [],
    })
  })

  test('the target of a self-hosted server needs no preset, and no secret unless one is named', () => {
    const lab: CatalogProvider = { dialect: 'chat', base_url: 'http://10.0.0.5:8000/v1' }
    expect(upstream(lab)).toMatchObject({ auth: 'none', secrets: [], quirks: [], headers: {} })
    expect(upstream({ ...lab, secret: 'LAB' })).toMatchObject({ auth: 'bearer', secrets: ['LAB'] })
    expect(upstream({ ...lab, dialect: 'native', secret: 'LAB' })).toMatchObject({
      auth: 'x-api-key',
    })
  })

  test('a null secret switches the preset’s auth of a resolved target off, and a named one switches it on', () => {
    expect(upstream({ preset: 'vendor', secret: null })).toMatchObject({
      auth: 'none',
      secrets: [],
    })
    expect(upstream({ preset: 'vendor', auth: 'none' })).toMatchObject({
      auth: 'none',
      secrets: [],
    })
    expect(upstream({ preset: 'here', secret: 'KEY' })).toMatchObject({
      auth: 'bearer',
      secrets: ['KEY'],
    })
  })

  test('a resolved target is served by the preset’s own handler unless the catalog has a base URL', () => {
    expect(upstream({ preset: 'here' }).fetch).toBe(answersHere)
    expect(upstream({ preset: 'here', base_url: 'https://a.example' }).fetch).toBeUndefined()
  })

  test('a resolved target has the model’s limits and capabilities from the catalog, and undefined for the rest', () => {
    const entry: CatalogModel = {
      ...model,
      max_input_tokens: 400_000,
      max_tokens: 128_000,
      capabilities: { image_input: true, pdf_input: false, structured_outputs: true },
    }
    expect(upstream({ preset: 'vendor' }, {}, entry)).toMatchObject({
      limits: { maxInputTokens: 400_000, maxOutputTokens: 128_000 },
      takes: { images: true, pdfs: false, structuredOutputs: true },
    })
  })

  test('a resolved target counts tokens at an upstream of the same dialect, unless the catalog says otherwise', () => {
    const original = { preset: 'original' }
    expect(upstream(original).countsTokens).toBe(true)
    expect(upstream(original, {}, { ...model, count_tokens: 'local' }).countsTokens).toBe(false)
    expect(upstream({ preset: 'vendor' }).countsTokens).toBe(false)
  })
})
