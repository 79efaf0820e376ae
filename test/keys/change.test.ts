import { describe, expect, test } from 'vitest'

import { readAudit } from '../../src/keys/audit.ts'
import { authenticate } from '../../src/keys/authenticate.ts'
import type { ChangedKey, KeyOperation, KeyChange } from '../../src/keys/change.ts'
import { changeKey } from '../../src/keys/change.ts'
import { toNewFields } from '../../src/keys/fields.ts'
import { createKey, listKeys, readIdentity } from '../../src/keys/store.ts'
import { BoundedCache } from '../../src/platform/bounded-cache.ts'
import type { KeyValue } from '../../src/platform/key-value.ts'
import type { MemoryKv } from './memory-kv.ts'
import { createMemoryKv } from './memory-kv.ts'

const now = new Date('2026-11-25T12:00:00Z')
const hour = 3_600_000

/** A key in a KV of its own. */
async function open(input: Parameters<typeof toNewFields>[1] = {}) {
  const kv = createMemoryKv()
  const { key, record } = await createKey(kv, toNewFields('ci', input), { now, actor: 'cli:me' })
  const { id } = record
  const change = async (
    changing: KeyOperation,
    at: Date = now,
    over: KeyValue = kv,
  ): Promise<Extract<ChangedKey, { records: unknown }>> => {
    const changed = await changeKey(
      over,
      { ...changing, id, actor: 'cli:me' },
      {
        now: at,
      },
    )
    if (changed === undefined || 'fault' in changed) {
      throw new Error(changed?.fault ?? 'unknown')
    }
    return changed
  }
  return { kv, key, id, change }
}

/** Whether a key is let by. */
async function works(kv: MemoryKv, key: string, at: number): Promise<boolean> {
  const headers = new Headers({ 'x-api-key': key })
  return authenticate(headers, { kv, memory: new BoundedCache(10), cacheSeconds: 0, now: at }).then(
    () => true,
    () => false,
  )
}

describe('rotation of a key', () => {
  test('rotation of a key leaves the old secret valid until the grace period ends, and no longer', async () => {
    const { kv, key, change } = await open()
    const { key: fresh = '', records } = await change({ type: 'rotate', graceMs: hour })
    const at = [now.getTime(), now.getTime() + hour - 1, now.getTime() + hour]
    expect(await Promise.all(at.map((time) => works(kv, key, time)))).toEqual([true, true, false])
    expect(await Promise.all(at.map((time) => works(kv, fresh, time)))).toEqual([true, true, true])
    expect(new Set(records.map(({ id }) => id)).size).toBe(1)
  })

  test('a second rotation of a key within the grace period extends no secret’s life', async () => {
    const { kv, key, change } = await open()
    await change({ type: 'rotate', graceMs: hour })
    await change({ type: 'rotate', graceMs: 10 * hour })
    expect(await works(kv, key, now.getTime() + hour)).toBe(false)
  })

  test('rotation of a key keeps an expiration that is earlier than the grace period’s end', async () => {
    const { kv, key, change } = await open({ expires_at: '2026-11-25T12:30:00Z' })
    await change({ type: 'rotate', graceMs: hour })
    expect(await works(kv, key, Date.parse('2026-11-25T12:30:00Z'))).toBe(false)
  })

  test('rotation of a key lists all valid secrets of the identity', async () => {
    const { kv, key, id, change } = await open()
    const { key: fresh = '' } = await change({ type: 'rotate', graceMs: hour })
    expect(await listKeys(kv)).toMatchObject([
      {
        id,
        last_four: fresh.slice(-4),
        secrets: [
          { last_four: key.slice(-4), expires_at: '2026-11-25T13:00:00.000Z' },
          { last_four: fresh.slice(-4), expires_at: null },
        ],
      },
    ])
  })

  test('rotation of a key is rejected when more secrets are valid than can be listed', async () => {
    const { change } = await open()
    for (let times = 0; times < 3; times++) {
      await change({ type: 'rotate', graceMs: hour })
    }
    await expect(change({ type: 'rotate', graceMs: hour })).rejects.toThrow('4 valid secrets')
  })

  test('rotation of a key fits into KV’s metadata with the longest name and the most valid secrets', async () => {
    const { kv, change } = await open()
    await change({ type: 'update', fields: { name: '名'.repeat(100) } })
    for (let times = 0; times < 3; times++) {
      await change({ type: 'rotate', graceMs: hour })
    }
    for (const { options } of kv.entries.values()) {
      expect(Buffer.byteLength(JSON.stringify(options.metadata ?? {}))).toBeLessThan(1024)
    }
  })

  test('two rotations of a key at once leave both new secrets in the identity, so that both can be revoked', async () => {
    const { kv, id, change } = await open()
    let reads = 0
    const { promise: bothRead, resolve } = Promise.withResolvers<void>()
    /** Lets neither write before both have read. */
    const slow: KeyValue = {
      get: (name) => kv.get(name),
      list: (options) => kv.list(options),
      async put(name, value, options) {
        reads += 1
        if (reads === 2) {
          resolve()
        }
        await bothRead
        await kv.put(name, value, options)
      },
    }
    const rotated = await Promise.all(
      [1, 2].map(() => change({ type: 'rotate', graceMs: hour }, now, slow)),
    )
    expect((await readIdentity(kv, id))?.hashes).toHaveLength(3)
    await change({ type: 'revoke' })
    const keys = rotated.map(({ key = '' }) => key)
    expect(await Promise.all(keys.map((key) => works(kv, key, now.getTime())))).toEqual([
      false,
      false,
    ])
  })
})

describe('update of a key', () => {
  test('update of a key changes the given fields and no others', async () => {
    const { change } = await open({
      models: ['a'],
      limits: { rpm: 5, itpm: 9, models: { 'x*': { rpm: 1, otpm: 2 } } },
    })
    const { records } = await change({
      type: 'update',
      fields: {
        limits: {
          itpm: null,
          concurrency: 3,
          models: { 'x*': { rpm: null } },
          budgets: [{ usd: 5, period: 'day' }],
        },
      },
    })
    expect(records).toMatchObject([
      {
        name: 'ci',
        models: ['a'],
        limits: {
          rpm: 5,
          concurrency: 3,
          models: { 'x*': { otpm: 2 } },
          budgets: [{ usd: 5, period: 'day' }],
        },
      },
    ])
    expect(records[0]?.limits).not.toHaveProperty('itpm')
  })

  test('update of a key applies to every secret, and revives none that was rotated away', async () => {
    const { kv, key, change } = await open()
    await change({ type: 'rotate', graceMs: hour })
    const { records } = await change({
      type: 'update',
      fields: { expires_at: null, limits: { rpm: 1 } },
    })
    expect(records.map(({ limits }) => limits)).toEqual([{ rpm: 1 }, { rpm: 1 }])
    expect(await works(kv, key, now.getTime() + hour)).toBe(false)
  })

  test('update of a key can disable it and enable it again', async () => {
    const { kv, key, change } = await open()
    await change({ type: 'update', fields: {}, status: 'disabled' })
    expect(await works(kv, key, now.getTime())).toBe(false)
    await change({ type: 'update', fields: {}, status: 'active' })
    expect(await works(kv, key, now.getTime())).toBe(true)
  })

  test('update of a key increases its version, so that a stale copy is recognized', async () => {
    const { change } = await open()
    const versions: (number | undefined)[] = []
    for (const type of ['rotate', 'revoke'] as const) {
      const { records } = await change(type === 'rotate' ? { type, graceMs: hour } : { type })
      versions.push(...records.map(({ version }) => version))
    }
    expect(versions).toEqual([1, 1, 2, 2])
  })
})

describe('revocation of a key', () => {
  test('revocation of a key rejects all its secrets, and cannot be undone', async () => {
    const { kv, key, change } = await open()
    const { key: fresh = '' } = await change({ type: 'rotate', graceMs: hour })
    await change({ type: 'revoke' })
    expect(await works(kv, key, now.getTime())).toBe(false)
    expect(await works(kv, fresh, now.getTime())).toBe(false)
    await expect(change({ type: 'update', fields: {}, status: 'active' })).rejects.toThrow(
      'is revoked',
    )
  })

  test('revocation of a key writes nothing for an unknown id', async () => {
    const kv = createMemoryKv()
    const change: KeyChange = { id: 'abcdefghij', actor: 'x', type: 'revoke' }
    expect(await changeKey(kv, change, { now })).toBeUndefined()
    expect(kv.entries.size).toBe(0)
  })
})

describe('the audit log', () => {
  test('the audit log contains who changed what and when, and no secret', async () => {
    const { kv, key, id, change } = await open()
    const later = new Date(now.getTime() + hour)
    const { key: fresh = '' } = await change({ type: 'rotate', graceMs: hour }, later)
    const rows = await readAudit(kv, id)
    expect(rows).toMatchObject([
      { at: '2026-11-25T12:00:00.000Z', actor: 'cli:me', action: 'create' },
      { at: '2026-11-25T13:00:00.000Z', actor: 'cli:me', action: 'rotate' },
    ])
    for (const secret of [key, fresh]) {
      expect(JSON.stringify([...kv.entries])).not.toContain(secret.slice(14, -4))
    }
  })
})
