import { describe, expect, test } from 'vitest'

import { BoundedCache, cacheBounds } from '../../src/platform/bounded-cache.ts'

describe('a bounded cache', () => {
  test('a bounded cache holds at most its number of entries and evicts the least recently set', () => {
    const cache = new BoundedCache<number>(3)
    for (const name of ['a', 'b', 'c']) {
      cache.set(name, 1)
    }
    cache.set('a', 2)
    cache.set('d', 1)
    expect(cache.size).toBe(3)
    expect(['a', 'b', 'c', 'd'].map((name) => cache.get(name))).toEqual([2, undefined, 1, 1])
  })

  test('a bounded cache does not evict another entry when one is replaced', () => {
    const cache = new BoundedCache<number>(2)
    cache.set('a', 1)
    cache.set('b', 1)
    cache.set('b', 2)
    expect([cache.get('a'), cache.get('b')]).toEqual([1, 2])
  })

  test('a bounded cache does not return a deleted entry, and holds nothing with a bound of 0', () => {
    const cache = new BoundedCache<number>(1)
    cache.set('a', 1)
    cache.delete('a')
    expect(cache.get('a')).toBeUndefined()
    const none = new BoundedCache<number>(0)
    none.set('a', 1)
    expect(none.size).toBe(0)
  })

  test('a bounded cache has a bound of at most 1000 for every cache of an isolate', () => {
    expect(Math.max(...Object.values(cacheBounds))).toBeLessThanOrEqual(1000)
  })
})
