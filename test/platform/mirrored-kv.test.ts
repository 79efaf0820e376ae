import { describe, expect, test } from 'vitest'

import type { KeyValue } from '../../src/platform/key-value.ts'
import { MirroredKv } from '../../src/platform/mirrored-kv.ts'

/** KV whose values another process may change. */
function createKv(): { kv: KeyValue; values: Map<string, string>; reads: string[] } {
  const values = new Map<string, string>()
  const reads: string[] = []
  const kv: KeyValue = {
    get: async (key) => {
      reads.push(key)
      return values.get(key) ?? null
    },
    put: async (key, value) => void values.set(key, value),
    list: async () => ({ keys: [], list_complete: true }),
  }
  return { kv, values, reads }
}

describe('mirrored KV', () => {
  test('mirrored KV is read once for a value until it is notified of a write', async () => {
    const { kv, values, reads } = createKv()
    const mirror = new MirroredKv(kv, () => 0)
    values.set('a', '1')
    expect(await mirror.get('a')).toBe('1')
    values.set('a', '2')
    expect(await mirror.get('a')).toBe('1')
    expect(reads).toEqual(['a'])
    mirror.forget()
    expect(await mirror.get('a')).toBe('2')
  })

  test('mirrored KV has a new value as soon as it is written', async () => {
    const { kv, values } = createKv()
    const mirror = new MirroredKv(kv, () => 0)
    expect(await mirror.get('a')).toBe(null)
    values.set('a', '1')
    expect(await mirror.get('a')).toBe('1')
    await mirror.put('a', '2')
    expect(await mirror.get('a')).toBe('2')
  })

  test('mirrored KV caches no value that was read before a write was reported', async () => {
    const { kv, values } = createKv()
    const mirror = new MirroredKv(kv, () => 0)
    values.set('a', '1')
    const pending = mirror.get('a')
    values.set('a', '2')
    mirror.forget()
    expect(await pending).toBe('1')
    expect(await mirror.get('a')).toBe('2')
  })

  test('mirrored KV is read again after 15 seconds, whichever process wrote to it', async () => {
    const { kv, values } = createKv()
    let now = 0
    const mirror = new MirroredKv(kv, () => now)
    values.set('a', '1')
    await mirror.get('a')
    values.set('a', '2')
    now = 15_000
    expect(await mirror.get('a')).toBe('2')
  })
})
