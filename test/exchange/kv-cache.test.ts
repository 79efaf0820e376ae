import { expect, test } from 'vitest'

import { catalogEntry, loadCatalog } from '../../src/catalog/load.ts'
import { KvCache } from '../../src/exchange/kv-cache.ts'
import { authenticate } from '../../src/keys/authenticate.ts'
import { createKey, putSecrets, readSecrets } from '../../src/keys/store.ts'
import { catalogOf, modelOf, registries } from '../catalog/registries.ts'
import { createMemoryKv } from '../keys/memory-kv.ts'

const now = new Date('2026-01-01T00:00:00Z')
const first = catalogOf({ models: [modelOf('first')] })
const second = catalogOf({ models: [modelOf('second')] })

/** The catalog as a request reads it. */
async function readCatalog(cache: KvCache, kv: { get: (key: string) => Promise<string | null> }) {
  const { catalog } = await loadCatalog({
    kv,
    memory: cache.catalog,
    registries,
    loadBundled: async () => first,
    isBound: () => false,
    keepSeconds: 30,
    now: now.getTime(),
  })
  return catalog
}

test('a disabled key is refused once its writer has reported it', async () => {
  const kv = createMemoryKv()
  const cache = new KvCache()
  const fields = { name: 'k', expires_at: null, models: ['*'], scopes: [], limits: {} }
  const { key, record } = await createKey(kv, { ...fields, metadata: {} }, { now })
  const check = () =>
    authenticate(new Headers({ 'x-api-key': key }), {
      kv,
      memory: cache.keys,
      cacheSeconds: 15,
      now: now.getTime(),
    })
  await check()
  const secrets = (await readSecrets(kv, record.id)) ?? []
  const disabled = secrets.map(({ hash }) => ({
    hash,
    record: { ...record, status: 'disabled' as const },
  }))
  await putSecrets(kv, disabled, { now })
  await expect(check()).resolves.toMatchObject({ id: record.id })
  cache.expire()
  await expect(check()).rejects.toThrow('invalid_key')
})

test('a catalog is read again once its writer has reported it, and not before', async () => {
  const kv = createMemoryKv()
  const cache = new KvCache()
  await kv.put(catalogEntry, JSON.stringify(first))
  await readCatalog(cache, kv)
  await kv.put(catalogEntry, JSON.stringify(second))
  expect(await readCatalog(cache, kv)).toEqual(first)
  cache.expire()
  expect(await readCatalog(cache, kv)).toEqual(second)
})

test('a catalog whose reading began before the report of a newer one is not kept', async () => {
  const kv = createMemoryKv()
  const cache = new KvCache()
  const { promise: slow, resolve: answer } = Promise.withResolvers<string>()
  const early = readCatalog(cache, { get: () => slow })
  await kv.put(catalogEntry, JSON.stringify(second))
  cache.expire()
  answer(JSON.stringify(first))
  expect(await early).toEqual(first)
  expect(await readCatalog(cache, kv)).toEqual(second)
})

test('the last valid catalog is served after a report of an invalid one', async () => {
  const kv = createMemoryKv()
  const cache = new KvCache()
  await kv.put(catalogEntry, JSON.stringify(second))
  await readCatalog(cache, kv)
  await kv.put(catalogEntry, '{"version":1,"providers":{}}')
  cache.expire()
  expect(await readCatalog(cache, kv)).toEqual(second)
})
