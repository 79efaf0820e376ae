import { describe, expect, test } from 'vitest'

import { hashKey, keyEntry, parseKey } from '../../src/keys/key.ts'
import type { KeyFields } from '../../src/keys/store.ts'
import { createKey, listKeys, showKey } from '../../src/keys/store.ts'
import { createMemoryKv } from './memory-kv.ts'

const now = new Date('2026-11-25T12:00:00Z')

const fields: KeyFields = {
  name: 'ci',
  expires_at: '2026-12-25T12:00:00.000Z',
  models: ['claude-*'],
  scopes: ['inference'],
  limits: {},
  metadata: { team: 'search' },
}

describe('the key store', () => {
  test('the key store writes a key after its identity, so that every valid key can be revoked', async () => {
    const kv = createMemoryKv()
    const { key, record } = await createKey(kv, fields, { now })
    expect([...kv.entries.keys()]).toEqual([`id:${record.id}`, keyEntry(await hashKey(key))])
  })

  test('the key store stores the record under the key’s hash, and the identity under its id', async () => {
    const kv = createMemoryKv()
    const { key, record } = await createKey(kv, fields, { now })
    const hash = await hashKey(key)
    const metadata = {
      name: 'ci',
      status: 'active',
      expires_at: fields.expires_at,
      last_four: key.slice(-4),
      created_at: now.toISOString(),
      secrets: [
        {
          last_four: key.slice(-4),
          created_at: now.toISOString(),
          expires_at: fields.expires_at,
        },
      ],
    }
    expect(Object.fromEntries(kv.entries)).toEqual({
      [`id:${record.id}`]: {
        value: JSON.stringify({ hashes: [hash], last_four: key.slice(-4) }),
        options: { metadata },
      },
      [`key:${hash}`]: { value: JSON.stringify(record), options: {} },
    })
    expect(record).toEqual({
      id: parseKey(key),
      created_at: '2026-11-25T12:00:00.000Z',
      status: 'active',
      ...fields,
      last_four: key.slice(-4),
    })
  })

  test('the key store stores neither the key nor its secret', async () => {
    const kv = createMemoryKv()
    const { key } = await createKey(kv, fields, { now })
    const stored = JSON.stringify([...kv.entries])
    expect(stored).not.toContain(key)
    expect(stored).not.toContain(key.slice(14, -4))
  })

  test('the key store has metadata that fits into KV with the longest name', async () => {
    const kv = createMemoryKv()
    await createKey(kv, { ...fields, name: '😀'.repeat(50) }, { now })
    for (const { options } of kv.entries.values()) {
      expect(Buffer.byteLength(JSON.stringify(options.metadata ?? {}))).toBeLessThan(1024)
    }
  })

  test('the key store lets KV delete an expired key after a minute', async () => {
    const kv = createMemoryKv()
    await createKey(kv, fields, { now, forget: true })
    const expiration = Date.parse('2026-12-25T12:01:00Z') / 1000
    expect([...kv.entries.values()].map(({ options }) => options.expiration)).toEqual([
      expiration,
      expiration,
    ])
  })

  test('the key store lists every key by name, over any number of pages, without reading records', async () => {
    const kv = createMemoryKv({ pageSize: 2 })
    for (const name of ['e', 'c', 'a', 'd', 'b']) {
      await createKey(kv, { ...fields, name }, { now })
    }
    const keys = await listKeys(kv)
    expect(keys.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(kv.reads).toEqual([])
  })

  test('the key store lists a key whose metadata was lost', async () => {
    const kv = createMemoryKv()
    await kv.put('id:abcdefghij', '{}')
    expect(await listKeys(kv)).toEqual([
      { id: 'abcdefghij', name: '?', status: 'active', expires_at: null, last_four: '????' },
    ])
  })

  test('the key store finds nothing for an unknown id', async () => {
    expect(await showKey(createMemoryKv(), 'abcdefghij')).toBeUndefined()
  })
})
