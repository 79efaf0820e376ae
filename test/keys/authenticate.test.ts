import { describe, expect, test } from 'vitest'

import { GatewayError } from '../../src/anthropic/error.ts'
import type { RememberedKey } from '../../src/keys/authenticate.ts'
import type { KeyLookup } from '../../src/keys/authenticate.ts'
import { authenticate } from '../../src/keys/authenticate.ts'
import { changeKey } from '../../src/keys/change.ts'
import { keyEntry, mintId, mintKey } from '../../src/keys/key.ts'
import type { KeyFields } from '../../src/keys/store.ts'
import { createKey } from '../../src/keys/store.ts'
import { BoundedCache } from '../../src/platform/bounded-cache.ts'
import { createMemoryKv } from './memory-kv.ts'
import type { MemoryKv } from './memory-kv.ts'

const now = Date.parse('2026-11-25T12:00:00Z')

const fields: KeyFields = {
  name: 'ci',
  expires_at: null,
  models: ['*'],
  scopes: ['inference'],
  limits: {},
  metadata: {},
}

function make(kv: MemoryKv, changes: Partial<KeyFields> = {}) {
  return createKey(kv, { ...fields, ...changes }, { now: new Date(now) })
}

function lookUp(kv: MemoryKv, changes: Partial<KeyLookup> = {}): KeyLookup {
  return { kv, memory: new BoundedCache<RememberedKey>(2), cacheSeconds: 15, now, ...changes }
}

/** The kind of failure that a request with these headers ends in. */
async function failure(headers: HeadersInit, lookup: KeyLookup): Promise<string> {
  const error = await authenticate(new Headers(headers), lookup).catch((cause: unknown) => cause)
  return error instanceof GatewayError ? error.failure.kind : `none: ${JSON.stringify(error)}`
}

describe('authentication', () => {
  test.each([
    ['x-api-key', (key: string) => ({ 'x-api-key': key })],
    ['a bearer token', (key: string) => ({ authorization: `Bearer ${key}` })],
    ['a bearer token in small letters', (key: string) => ({ authorization: `bearer  ${key} ` })],
    ['both', (key: string) => ({ 'x-api-key': key, authorization: `Bearer ${key}` })],
    [
      "x-api-key, beside another service's bearer token",
      (key: string) => ({ 'x-api-key': key, authorization: 'Bearer sk-ant-oat01-abc' }),
    ],
    [
      "a bearer token, beside another service's x-api-key",
      (key: string) => ({ 'x-api-key': 'sk-ant-api03-abc', authorization: `Bearer ${key}` }),
    ],
    [
      'a bearer token, beside an unknown key of the gateway',
      (key: string) => ({ 'x-api-key': mintKey(mintId()), authorization: `Bearer ${key}` }),
    ],
  ])('authentication reads the key from %s', async (_, carry) => {
    const kv = createMemoryKv()
    const { key, record } = await make(kv)
    expect(await authenticate(new Headers(carry(key)), lookUp(kv))).toEqual(record)
  })

  test.each<[string, Record<string, string>]>([
    ['absent headers', {}],
    ['an empty x-api-key', { 'x-api-key': ' ' }],
    ['another scheme', { authorization: 'Basic abc' }],
  ])('authentication finds no key in %s', async (_, headers) => {
    expect(await failure(headers, lookUp(createMemoryKv()))).toBe('missing_key')
  })

  test('authentication rejects a key of another form without a read of KV', async () => {
    const kv = createMemoryKv()
    const headers = { 'x-api-key': 'sk-ant-wrong-key', authorization: 'Bearer gw-abc-def' }
    expect(await failure(headers, lookUp(kv))).toBe('invalid_key')
    expect(kv.reads).toEqual([])
  })

  test('authentication rejects an unknown key, and does not cache that', async () => {
    const kv = createMemoryKv()
    const lookup = lookUp(kv)
    const headers = { 'x-api-key': mintKey(mintId()) }
    expect(await failure(headers, lookup)).toBe('invalid_key')
    expect(await failure(headers, lookup)).toBe('invalid_key')
    expect(kv.reads).toHaveLength(2)
    expect(lookup.memory.size).toBe(0)
  })

  test('authentication rejects a revoked key', async () => {
    const kv = createMemoryKv()
    const { key, record } = await make(kv)
    await changeKey(kv, { id: record.id, actor: 'x', type: 'revoke' }, { now: new Date() })
    expect(await failure({ 'x-api-key': key }, lookUp(kv))).toBe('invalid_key')
  })

  test('authentication rejects an expired key with that reason', async () => {
    const kv = createMemoryKv()
    const { key } = await make(kv, { expires_at: '2026-11-25T12:00:00.000Z' })
    const headers = { 'x-api-key': key, authorization: 'Bearer other' }
    expect(await failure(headers, lookUp(kv))).toBe('expired_key')
  })

  test('authentication prefers a valid key to an expired one', async () => {
    const kv = createMemoryKv()
    const { key: old } = await make(kv, { expires_at: '2026-11-01T00:00:00.000Z' })
    const { key, record } = await make(kv)
    const headers = new Headers({ 'x-api-key': old, authorization: `Bearer ${key}` })
    expect(await authenticate(headers, lookUp(kv))).toEqual(record)
  })

  test('authentication reports a damaged record as an error for the operator', async () => {
    const kv = createMemoryKv()
    const { key } = await make(kv)
    const entry = [...kv.entries.keys()].find((name) => name.startsWith(keyEntry(''))) ?? ''
    const lookup = lookUp(kv)
    await kv.put(entry, '{')
    expect(await failure({ 'x-api-key': key }, lookup)).toBe('misconfigured')
    await kv.put(entry, '{"id":"x"}')
    expect(await failure({ 'x-api-key': key }, lookup)).toBe('misconfigured')
  })
})

describe('the cache of valid keys', () => {
  test('the cache of valid keys holds a valid key for fifteen seconds without a read of KV', async () => {
    const kv = createMemoryKv()
    const { key } = await make(kv)
    const headers = new Headers({ 'x-api-key': key })
    const lookup = lookUp(kv)
    await authenticate(headers, lookup)
    await authenticate(headers, { ...lookup, now: now + 14_999 })
    expect(kv.reads).toHaveLength(1)
    await authenticate(headers, { ...lookup, now: now + 15_000 })
    expect(kv.reads).toHaveLength(2)
    expect(kv.reads.map(({ cacheTtl }) => cacheTtl)).toEqual([30, 30])
  })

  test('the cache of valid keys does not hold a key beyond its expiration', async () => {
    const kv = createMemoryKv()
    const { key } = await make(kv, { expires_at: '2026-11-25T12:00:05.000Z' })
    const lookup = lookUp(kv)
    await authenticate(new Headers({ 'x-api-key': key }), lookup)
    expect(await failure({ 'x-api-key': key }, { ...lookup, now: now + 5000 })).toBe('expired_key')
  })

  test('the cache of valid keys is disabled if changes must apply immediately', async () => {
    const kv = createMemoryKv()
    const { key, record } = await make(kv)
    const lookup = lookUp(kv, { cacheSeconds: 0 })
    await authenticate(new Headers({ 'x-api-key': key }), lookup)
    await changeKey(kv, { id: record.id, actor: 'x', type: 'revoke' }, { now: new Date() })
    expect(await failure({ 'x-api-key': key }, lookup)).toBe('invalid_key')
    expect(kv.reads[0]?.cacheTtl).toBeUndefined()
    expect(lookup.memory.size).toBe(0)
  })
})
