/** Each command over keys, interrupted at each of its writes to KV. */
import { describe, expect, test } from 'vitest'

import type { RememberedKey } from '../../src/keys/authenticate.ts'
import { authenticate } from '../../src/keys/authenticate.ts'
import type { KeyOperation } from '../../src/keys/change.ts'
import { changeKey, makeKey } from '../../src/keys/change.ts'
import { isExpired } from '../../src/keys/record.ts'
import { listKeys } from '../../src/keys/store.ts'
import { BoundedCache } from '../../src/platform/bounded-cache.ts'
import type { KeyValue } from '../../src/platform/key-value.ts'
import type { MemoryKv } from './memory-kv.ts'
import { createMemoryKv } from './memory-kv.ts'

const now = new Date('2026-11-25T12:00:00Z')
const actor = 'cli:me'

/** KV that fails at its n-th write, and stays broken. */
function failingAt(kv: KeyValue, failing: number): KeyValue {
  let writes = 0
  return {
    get: (name, options) => kv.get(name, options),
    list: (options) => kv.list(options),
    put(name, value, options) {
      writes += 1
      return writes >= failing ? Promise.reject(new Error('lost')) : kv.put(name, value, options)
    },
  }
}

async function works(kv: MemoryKv, key: string): Promise<boolean> {
  const lookup = {
    kv,
    memory: new BoundedCache<RememberedKey>(1),
    cacheSeconds: 0,
    now: now.getTime() + 1,
  }
  return authenticate(new Headers({ 'x-api-key': key }), lookup).then(
    () => true,
    () => false,
  )
}

async function make(kv: KeyValue): Promise<{ id: string; key: string }> {
  const made = await makeKey(kv, { name: 'ci' }, { now, actor })
  if ('fault' in made || made.key === undefined) {
    throw new Error('not made')
  }
  return { id: made.records[0]?.id ?? '', key: made.key }
}

/** Whether the list says that the secret works; undefined where it does not list it. */
async function isListedAsWorking(kv: MemoryKv, key: string): Promise<boolean> {
  const listed = await listKeys(kv)
  return listed.some(
    ({ status, secrets = [] }) =>
      status === 'active' &&
      secrets.some(
        (secret) => secret.last_four === key.slice(-4) && !isExpired(secret, now.getTime() + 1),
      ),
  )
}

const changes: [string, KeyOperation][] = [
  ['revoking', { type: 'revoke' }],
  ['disabling', { type: 'update', fields: {}, status: 'disabled' }],
  ['expiring', { type: 'update', fields: { expires_at: '2026-11-25T12:00:00.001Z' } }],
  ['rotating', { type: 'rotate', graceMs: 0 }],
  ['rotating with grace', { type: 'rotate', graceMs: 60_000 }],
]

describe.each(changes)('%s a key', (_, changing) => {
  test.each([1, 2, 3, 4, 5])(
    'a change of a key that is interrupted at write %i leaves a correct list, and can be repeated',
    async (failing) => {
      const kv = createMemoryKv()
      const { id, key } = await make(kv)
      const change = { ...changing, id, actor }
      await changeKey(failingAt(kv, failing), change, { now }).catch(() => {
        // That is what is tested.
      })
      expect(await isListedAsWorking(kv, key)).toBe(await works(kv, key))
      const again = await changeKey(kv, change, { now })
      const fresh = again !== undefined && 'key' in again ? again.key : undefined
      expect(await isListedAsWorking(kv, key)).toBe(await works(kv, key))
      if (changing.type !== 'rotate' || changing.graceMs === 0) {
        expect(await works(kv, key)).toBe(false)
      }
      if (fresh !== undefined) {
        expect([await works(kv, fresh), await isListedAsWorking(kv, fresh)]).toEqual([true, true])
        await changeKey(kv, { type: 'revoke', id, actor }, { now })
        expect(await works(kv, fresh)).toBe(false)
      }
    },
  )
})

test.each([1, 2, 3, 4])(
  'a creation that is interrupted at write %i leaves no valid key whose secret is unknown',
  async (failing) => {
    const kv = createMemoryKv()
    const isMade = await make(failingAt(kv, failing)).then(
      () => true,
      () => false,
    )
    const listed = await listKeys(kv)
    const records = [...kv.entries.keys()].filter((name) => name.startsWith('key:'))
    expect(isMade).toBe(false)
    // Where there is a record it is listed, so that it can be revoked.
    expect(listed.filter(({ status }) => status === 'active')).toHaveLength(records.length)
  },
)

test('a damaged record next to a valid key does not invalidate it', async () => {
  const kv = createMemoryKv()
  const [damaged, valid] = [await make(kv), await make(kv)]
  for (const [name, { value, options }] of kv.entries) {
    if (value.includes(`"id":"${damaged.id}"`)) {
      kv.entries.set(name, { value: '{"id":', options })
    }
  }
  const headers = { 'x-api-key': damaged.key, authorization: `Bearer ${valid.key}` }
  const lookup = {
    kv,
    memory: new BoundedCache<RememberedKey>(1),
    cacheSeconds: 0,
    now: now.getTime(),
  }
  expect(await authenticate(new Headers(headers), lookup)).toMatchObject({ id: valid.id })
  expect(await works(kv, damaged.key)).toBe(false)
})
