import { describe, expect, test } from 'vitest'

import { createEntryCode, redeemEntryCode } from '../../src/identity/entry-link.ts'
import { SessionTable } from '../../src/identity/session-table.ts'
import { idleMs, maxAttempts, sessionMs } from '../../src/identity/session.ts'
import type { SessionNamespace } from '../../src/identity/sessions.ts'
import { ConsoleSessions } from '../../src/identity/sessions.ts'
import { changeKey, makeKey } from '../../src/keys/change.ts'
import { hashKey } from '../../src/keys/key.ts'
import { createMemoryKv } from '../keys/memory-kv.ts'
import { createSql } from '../ledger/sqlite.ts'

/** Sessions over SQLite and KV in memory, with a clock that tests move. */
async function open() {
  const clock = { now: Date.parse('2026-11-28T12:00:00Z') }
  const kv = createMemoryKv()
  const table = new SessionTable(createSql())
  const object = {
    create: async (session: Parameters<SessionTable['create']>[0]) =>
      table.create(session, clock.now),
    find: async (hash: string) => table.find(hash, clock.now),
    end: async (hash: string) => table.end(hash),
    endOf: async (subject: string, id?: string) => table.endOf(subject, id),
    list: async (subject?: string) => table.list(subject, clock.now),
    attempt: async (network: string, id: string) => table.attempt(network, id, clock.now),
    takeBack: async (id: string) => table.takeBack(id),
    use: async (code: string, until: number) => table.use(code, until, clock.now),
  }
  const namespace = { getByName: () => object } as unknown as SessionNamespace
  const sessions = new ConsoleSessions(
    { sessions: namespace, keys: kv, ledgers: undefined, signIns: undefined },
    () => clock.now,
  )
  const made = await makeKey(kv, { name: 'Ada' }, { now: new Date(clock.now), actor: 'test' })
  if (!('records' in made)) {
    throw new Error(made.fault)
  }
  const { key = '', records } = made
  const id = records[0]?.id ?? ''
  const grant = {
    subject: `key:${id}`,
    name: 'Ada',
    method: 'key' as const,
    keyHash: await hashKey(key),
  }
  const change = (type: 'revoke' | 'rotate') =>
    changeKey(kv, { type, id, actor: 'test', graceMs: 60_000 }, { now: new Date(clock.now) })
  return { clock, kv, sessions, grant, id, change }
}

describe('a session of the console', () => {
  test('a session of the console is found by its token alone, with the key whose rights it has', async () => {
    const { sessions, grant, id } = await open()
    const token = await sessions.create(grant, 'Browser/1')
    expect(token).toMatch(/^[0-9a-f]{64}$/)
    expect(await sessions.find(token)).toMatchObject({
      session: { subject: `key:${id}`, userAgent: 'Browser/1', method: 'key' },
      key: { id, name: 'Ada' },
    })
    expect(await sessions.find('0'.repeat(64))).toBeUndefined()
  })

  test('a session of the console ends after two hours without use, and after twelve hours in any case', async () => {
    const { sessions, grant, clock } = await open()
    const [used, unused] = [await sessions.create(grant, ''), await sessions.create(grant, '')]
    const start = clock.now
    for (; clock.now < start + sessionMs - idleMs / 2; clock.now += idleMs / 2) {
      expect(await sessions.find(used)).toBeDefined()
    }
    expect(await sessions.find(unused)).toBeUndefined()
    clock.now = start + sessionMs
    expect(await sessions.find(used)).toBeUndefined()
  })

  test('a session of the console ends when its key is revoked', async () => {
    const { sessions, grant, change } = await open()
    const token = await sessions.create(grant, '')
    await change('revoke')
    expect(await sessions.find(token)).toBeUndefined()
    expect(await sessions.list()).toEqual([])
  })

  test('a session of the console ends when its secret has been rotated away, after the grace', async () => {
    const { sessions, grant, change, clock } = await open()
    const token = await sessions.create(grant, '')
    await change('rotate')
    expect(await sessions.find(token)).toBeDefined()
    clock.now += 60_000
    expect(await sessions.find(token)).toBeUndefined()
  })

  test('a session of the console ends with all others of its subject, or alone by its id', async () => {
    const { sessions, grant } = await open()
    const tokens = [await sessions.create(grant, 'a'), await sessions.create(grant, 'b')]
    const other = await sessions.create({ ...grant, subject: 'person:2' }, 'c')
    const [first] = await sessions.list('person:2')
    expect(await sessions.endOf(grant.subject, first?.id)).toBe(0)
    expect(await sessions.endOf(grant.subject)).toBe(2)
    expect(await Promise.all(tokens.map((token) => sessions.find(token)))).toEqual([
      undefined,
      undefined,
    ])
    expect(await sessions.find(other)).toBeDefined()
    expect(await sessions.endOf('person:2', first?.id)).toBe(1)
    expect(await sessions.find(other)).toBeUndefined()
  })
})

describe('attempts to sign in', () => {
  test('attempts to sign in are limited per network, and an attempt that succeeds does not count', async () => {
    const { sessions, clock } = await open()
    for (let index = 0; index < maxAttempts; index += 1) {
      expect(await sessions.attempt(`2001:db8:1:2:${index}::1`)).toBeDefined()
    }
    expect(await sessions.attempt('2001:db8:1:2::ffff')).toBeUndefined()
    const takeBack = await sessions.attempt('192.0.2.1')
    await takeBack?.()
    for (let index = 0; index < maxAttempts; index += 1) {
      expect(await sessions.attempt('192.0.2.1')).toBeDefined()
    }
    expect(await sessions.attempt('192.0.2.1')).toBeUndefined()
    clock.now += 600_000
    expect(await sessions.attempt('192.0.2.1')).toBeDefined()
  })
})

describe('a one-time link', () => {
  test('a one-time link gives its key once, within ten minutes', async () => {
    const { sessions, kv, grant, clock } = await open()
    const code = await createEntryCode(kv, grant.keyHash, new Date(clock.now))
    const late = await createEntryCode(kv, grant.keyHash, new Date(clock.now))
    expect(await redeemEntryCode(kv, sessions, code, clock.now)).toBe(grant.keyHash)
    expect(await redeemEntryCode(kv, sessions, code, clock.now)).toBeUndefined()
    expect(await redeemEntryCode(kv, sessions, 'wrong', clock.now)).toBeUndefined()
    expect(await redeemEntryCode(kv, sessions, late, clock.now + 600_000)).toBeUndefined()
  })
})
