import { describe, expect, test } from 'vitest'

import { GatewayError } from '../../src/anthropic/error.ts'
import type { CatalogSource } from '../../src/catalog/load.ts'
import { catalogEntry, loadCatalog } from '../../src/catalog/load.ts'
import { createMemoryKv } from '../keys/memory-kv.ts'
import { catalogOf, modelOf, registries } from './registries.ts'

const first = catalogOf({ models: [modelOf('first')] })
const second = catalogOf({ models: [modelOf('second')] })
const bundled = catalogOf({ models: [modelOf('demo')] })

function source(changes: Partial<CatalogSource> = {}) {
  const kv = createMemoryKv()
  return {
    kv,
    memory: {},
    registries,
    loadBundled: async () => bundled,
    isBound: () => false,
    keepSeconds: 30,
    now: 0,
    ...changes,
    entries: kv,
  }
}

describe('the loaded catalog', () => {
  test('the loaded catalog is the one in KV', async () => {
    const from = source()
    await from.entries.put(catalogEntry, JSON.stringify(first))
    expect(await loadCatalog(from)).toEqual({ catalog: first, bundled: false })
    expect(from.entries.reads).toEqual([{ key: 'catalog', cacheTtl: 60 }])
  })

  test('the loaded catalog is the built-in one if KV has none, which is logged', async () => {
    expect(await loadCatalog(source())).toEqual({ catalog: bundled, bundled: true })
  })

  test('the loaded catalog is cached for thirty seconds', async () => {
    const from = source()
    await from.entries.put(catalogEntry, JSON.stringify(first))
    await loadCatalog(from)
    await from.entries.put(catalogEntry, JSON.stringify(second))
    expect((await loadCatalog({ ...from, now: 29_999 })).catalog).toEqual(first)
    expect((await loadCatalog({ ...from, now: 30_000 })).catalog).toEqual(second)
    expect(from.entries.reads).toHaveLength(2)
  })

  test('the loaded catalog is parsed again only if its text has changed', async () => {
    const from = source({ keepSeconds: 0 })
    await from.entries.put(catalogEntry, JSON.stringify(first))
    const { catalog } = await loadCatalog(from)
    expect((await loadCatalog(from)).catalog).toBe(catalog)
    expect(from.entries.reads).toHaveLength(2)
  })

  test('the loaded catalog includes a push immediately if caching is disabled', async () => {
    const from = source({ keepSeconds: 0 })
    expect((await loadCatalog(from)).bundled).toBe(true)
    await from.entries.put(catalogEntry, JSON.stringify(second))
    expect((await loadCatalog(from)).catalog).toEqual(second)
    expect(from.entries.reads[0]).toEqual({ key: 'catalog', cacheTtl: undefined })
  })

  test('the loaded catalog stays the last valid one while the stored document is invalid, logs the fault, and recovers', async () => {
    const from = source({ keepSeconds: 0 })
    await from.entries.put(catalogEntry, JSON.stringify(first))
    await loadCatalog(from)
    await from.entries.put(catalogEntry, '{"version":1,"providers":{}}')
    const broken = { catalog: first, bundled: false, fault: 'models: Field required' }
    expect(await loadCatalog(from)).toEqual(broken)
    expect(await loadCatalog(from)).toEqual(broken)
    await from.entries.put(catalogEntry, JSON.stringify(second))
    expect(await loadCatalog(from)).toEqual({ catalog: second, bundled: false })
  })

  test('a catalog that is invalid from the start is an error for the operator, and loading is retried', async () => {
    const from = source()
    await from.entries.put(catalogEntry, '{"version":1,"providers":{"lab":{}},"models":[]}')
    const error = await loadCatalog(from).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(GatewayError)
    expect(error instanceof GatewayError && error.failure).toEqual({
      kind: 'misconfigured',
      message:
        'The catalog is invalid: providers.lab: required: "preset", or "dialect" and "base_url". Fix it and run `npm run catalog -- push`.',
    })
    await from.entries.put(catalogEntry, JSON.stringify(first))
    expect((await loadCatalog(from)).catalog).toEqual(first)
  })
})
