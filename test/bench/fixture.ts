/** What the gateway finds in its KV: two keys, and a catalog that sends everything to the stub. */
import type { Catalog } from '../../src/catalog/schema/catalog.ts'
import { createKey } from '../../src/keys/store.ts'
import type { KeyValue } from '../../src/platform/key-value.ts'
import type { Worker } from './runtime/workerd.ts'

/** The gateway's KV namespaces, a key that opens it, and one that has limits which are never reached. */
export async function createFixture(
  upstreamUrl: string,
): Promise<{ key: string; otherKey: string; limitedKey: string; kv: Worker['kv'] }> {
  const keys = createSeed()
  const fields = {
    name: 'bench',
    expires_at: null,
    models: ['*'],
    scopes: [],
    limits: {},
    metadata: {},
  }
  const { key } = await createKey(keys.kv, fields, { now: new Date() })
  const other = await createKey(keys.kv, { ...fields, name: 'other' }, { now: new Date() })
  const limits = {
    rpm: 1e9,
    itpm: 1e12,
    otpm: 1e12,
    concurrency: 1e6,
    budgets: [{ usd: 1e6, period: 'month' as const }],
  }
  const limited = await createKey(keys.kv, { ...fields, limits }, { now: new Date() })
  const catalog = { value: JSON.stringify(toCatalog(upstreamUrl)) }
  return {
    key,
    otherKey: other.key,
    limitedKey: limited.key,
    kv: { KEYS: keys.entries, CATALOG: { catalog } },
  }
}

function toCatalog(upstreamUrl: string): Catalog {
  const model = (id: string, provider: string, name: string) => ({
    id,
    targets: [{ provider, model: name }],
  })
  return {
    version: 1,
    providers: {
      chat: { dialect: 'openai-chat', base_url: `${upstreamUrl}/v1`, secret: null },
      passed: { dialect: 'anthropic', base_url: upstreamUrl, secret: null },
    },
    models: [
      model('bench-*', 'chat', 'bench-*'),
      model('passed-*', 'passed', 'passed-*'),
      model('renamed-*', 'passed', 'passed-*'),
    ],
  }
}

/** What is put into a namespace that can be read back only by a Worker. */
function createSeed(): { kv: KeyValue; entries: Worker['kv'][string] } {
  const entries: Worker['kv'][string] = {}
  const kv: KeyValue = {
    get: async (key) => entries[key]?.value ?? null,
    list: async () => ({ keys: [], list_complete: true }),
    put: async (key, value, { metadata } = {}) => {
      entries[key] = { value, ...(metadata ? { metadata: JSON.stringify(metadata) } : {}) }
    },
  }
  return { kv, entries }
}
