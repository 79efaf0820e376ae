import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { withWriteRetries } from '../../src/keys/write-retries.ts'
import type { KeyValue } from '../../src/platform/key-value.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const tooMany = new Error('KV PUT failed: 429 Too Many Requests')

function createKv(failures: number, error: unknown = tooMany) {
  const puts: number[] = []
  const began = Date.now()
  const kv: KeyValue = {
    get: async (key) => `value of ${key}`,
    list: async () => ({ keys: [], list_complete: true }),
    put: async () => {
      puts.push(Date.now() - began)
      if (puts.length <= failures) {
        throw error
      }
    },
  }
  return { kv: withWriteRetries(kv), puts }
}

test('a write that KV rejects for its rate is repeated after longer and longer waits', async () => {
  const { kv, puts } = createKv(3)
  const written = kv.put('a', 'b')
  await vi.runAllTimersAsync()
  await written
  expect(puts).toEqual([0, 1100, 2700, 5100])
})

test('a write that is rejected to the end fails', async () => {
  const { kv, puts } = createKv(9)
  const written = kv.put('a', 'b').catch((error: unknown) => error)
  await vi.runAllTimersAsync()
  expect(await written).toBe(tooMany)
  expect(puts).toHaveLength(4)
})

test.each([new Error('KV PUT failed: 500'), new Error('took 1429 ms'), 'text with 429'])(
  'a write that fails otherwise is not repeated: %s',
  async (error) => {
    const { kv, puts } = createKv(1, error)
    await expect(kv.put('a', 'b')).rejects.toBe(error)
    expect(puts).toHaveLength(1)
  },
)

test('reads and lists are passed on', async () => {
  const { kv } = createKv(0)
  expect(await kv.get('a')).toBe('value of a')
  expect(await kv.list({ prefix: 'a' })).toEqual({ keys: [], list_complete: true })
})
