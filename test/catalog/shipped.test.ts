import { readFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'

import { describe, expect, test } from 'vitest'

import { bundledCatalog } from '../../src/catalog/bundled.ts'
import { parseCatalog } from '../../src/catalog/parse.ts'
import { resolveModel } from '../../src/catalog/resolve/resolve.ts'
import { toResolvedTarget } from '../../src/catalog/resolve/resolved-target.ts'
import type { Catalog } from '../../src/catalog/schema/catalog.ts'
import { dialects } from '../../src/dialects/index.ts'
import { presets } from '../../src/providers/index.ts'

const registries = { presets, dialects }

function shipped(): Catalog {
  const parsed = parseCatalog(bundledCatalog, registries)
  if ('faults' in parsed) {
    throw new Error(JSON.stringify(parsed.faults))
  }
  return parsed.catalog
}

describe('the shipped catalog', () => {
  test('the shipped catalog is valid', () => {
    expect(shipped().version).toBe(1)
  })

  test.each([
    'claude-demo',
    'claude-sonnet-4-6',
    'claude-sonnet-4-5-20250929[1m]',
    'claude-opus-5-5',
    'claude-haiku-4-5-20251001',
    'claude-3-5-haiku-latest',
    'claude-fable-5',
    'claude-mythos-5',
  ])('the shipped catalog serves any Claude model by the demo: %s', (name) => {
    expect(resolveModel(shipped(), name)?.id).toBe('claude-demo')
  })

  test('the shipped catalog serves no unknown model', () => {
    expect(resolveModel(shipped(), 'claude-nonexistent-0')).toBeUndefined()
  })

  test('the shipped catalog lists real models with their provider as prefix', () => {
    expect(resolveModel(shipped(), 'openrouter/qwen/qwen3-max:free')?.targets).toEqual([
      { provider: 'openrouter', model: 'qwen/qwen3-max:free' },
    ])
  })

  test('the shipped catalog needs no secret that the Deploy button requests', async () => {
    const example = await readFile('.dev.vars.example', 'utf8')
    const requested = Object.keys(parseEnv(example))
    expect(requested).toEqual([])
  })

  test('the shipped catalog names secrets that .dev.vars.example has in comments', async () => {
    const catalog = shipped()
    const secrets = catalog.models.flatMap((model) =>
      model.targets.flatMap(
        (target) => toResolvedTarget(catalog, registries, model, target).secrets,
      ),
    )
    const example = await readFile('.dev.vars.example', 'utf8')
    const optional = [...example.matchAll(/^# ([A-Z_]+)=""$/gm)].map(([, name]) => name)
    expect(optional).toEqual(expect.arrayContaining([...new Set(secrets)]))
  })

  test('the shipped catalog has a description in package.json for what the Deploy button creates', async () => {
    const { cloudflare }: { cloudflare: { bindings: object } } = JSON.parse(
      await readFile('package.json', 'utf8'),
    )
    expect(Object.keys(cloudflare.bindings)).toEqual(['KEYS', 'CATALOG', 'AI'])
  })
})
