/** Which changes of keys are refused and why, and what the audit log says of those that are made. */
import { describe, expect, test } from 'vitest'

import { readAudit } from '../../src/keys/audit.ts'
import type { KeyOperation } from '../../src/keys/change.ts'
import { changeKey, makeKey } from '../../src/keys/change.ts'
import { createMemoryKv } from './memory-kv.ts'

const now = new Date('2026-11-25T12:00:00Z')
const hour = 3_600_000
const past = '2026-11-25T11:00:00Z'
const owner = { issuer: 'https://login.example.com', subject: 's', groups: [] }

async function open(more: { owner?: typeof owner } = {}) {
  const kv = createMemoryKv()
  const made = await makeKey(kv, { name: 'ci' }, { now, actor: 'cli:me', ...more })
  if ('fault' in made) {
    throw new Error(made.fault)
  }
  const id = made.records[0]!.id
  const change = (changing: KeyOperation, at = now) =>
    changeKey(kv, { ...changing, id, actor: 'key:admin' }, { now: at })
  return { kv, id, made, change }
}

const rotate: KeyOperation = { type: 'rotate', graceMs: hour }

describe('a key is not made', () => {
  test('a key is not created with an expiration in the past', async () => {
    const kv = createMemoryKv()
    const made = await makeKey(kv, { name: 'ci', expires_at: past }, { now, actor: 'cli:me' })
    expect(made).toEqual({ fault: `expires_at: ${past} is in the past.` })
    expect(kv.entries.size).toBe(0)
  })
})

describe('a key is not changed', () => {
  test('a key is not changed to expire in the past', async () => {
    const { change, kv } = await open()
    const before = structuredClone([...kv.entries])
    const fault = `expires_at: ${past} is in the past.`
    expect(await change({ type: 'update', fields: { expires_at: past } })).toEqual({ fault })
    expect([...kv.entries]).toEqual(before)
  })

  test('a disabled key is not rotated unless that is forced', async () => {
    const { change, id } = await open()
    await change({ type: 'update', fields: {}, status: 'disabled' })
    expect(await change(rotate)).toEqual({
      fault: `The key ${id} is disabled, so its new secret would be rejected too. Change that first (keys update), or rotate with force.`,
    })
    expect(await change({ ...rotate, force: true })).toMatchObject({
      records: [{ status: 'disabled' }, { status: 'disabled' }],
    })
  })

  test('an expired key is not rotated', async () => {
    const { change, id } = await open()
    const end = new Date(now.getTime() + hour).toISOString()
    await change({ type: 'update', fields: { expires_at: end } })
    expect(await change(rotate, new Date(end))).toEqual({
      fault: `The key ${id} has expired (${end}), so its new secret would be rejected too. Change that first (keys update), or rotate with force.`,
    })
  })

  test('a key of a person who signs in is not rotated', async () => {
    const { change, id, made } = await open({ owner })
    expect(made).toMatchObject({ records: [{ owner }] })
    expect(await change(rotate)).toEqual({
      fault: `The key ${id} belongs to a person who signs in, and gets its secrets only by sign-in (npm run login).`,
    })
  })

  test('a revoked key is not changed, but can be revoked again', async () => {
    const { change, id } = await open()
    await change({ type: 'revoke' })
    const fault = `The key ${id} is revoked and cannot be changed.`
    expect(await change(rotate)).toEqual({ fault })
    expect(await change({ type: 'update', fields: { name: 'x' } })).toEqual({ fault })
    expect(await change({ type: 'revoke' })).toMatchObject({ records: [{ status: 'revoked' }] })
  })

  test('a failure of KV during a change of a key is reported as such', async () => {
    const { kv, id } = await open()
    const get = () => Promise.reject(new Error('KV is down'))
    const change = { type: 'revoke', id, actor: 'cli:me' } as const
    await expect(changeKey({ ...kv, get }, change, { now })).rejects.toThrow('KV is down')
  })
})

describe('a key that was rotated', () => {
  test('a key that was rotated can be rotated again as soon as old secrets have expired, which are forgotten after 30 days', async () => {
    const { change } = await open()
    const day = 24 * hour
    const days = (count: number): Date => new Date(now.getTime() + count * day)
    for (let count = 1; count <= 6; count += 1) {
      expect(await change(rotate, days(count))).toMatchObject({ key: expect.any(String) })
    }
    const last = await change(rotate, days(40))
    expect(last).toMatchObject({ records: { length: 2 } })
  })

  test('a key that was rotated has a new end in its newest secret alone, and an earlier one in the others', async () => {
    const { change } = await open()
    await change(rotate)
    const graceEnd = new Date(now.getTime() + hour).toISOString()
    const ends = async (expiresAt: string | null) => {
      const changed = await change({ type: 'update', fields: { expires_at: expiresAt } })
      return changed !== undefined && 'records' in changed
        ? changed.records.map(({ expires_at }) => expires_at)
        : []
    }
    const later = '2026-12-25T12:00:00.000Z'
    const sooner = '2026-11-25T12:30:00.000Z'
    expect(await ends(later)).toEqual([graceEnd, later])
    expect(await ends(null)).toEqual([graceEnd, null])
    expect(await ends(sooner)).toEqual([sooner, sooner])
  })
})

test('the audit log has each change with its fields, and no secret', async () => {
  const { change, kv, id } = await open()
  await change({ type: 'update', fields: { name: 'new' } }, new Date(now.getTime() + 1))
  await change({ type: 'update', fields: {}, status: 'disabled' }, new Date(now.getTime() + 2))
  const rotated = await change({ ...rotate, force: true }, new Date(now.getTime() + 3))
  await change({ type: 'revoke' }, new Date(now.getTime() + 4))
  const key = rotated !== undefined && 'records' in rotated ? rotated.key : undefined
  const rows = (await readAudit(kv, id)).slice(1)
  expect(rows.map(({ actor, action, changes }) => [actor, action, changes])).toEqual([
    ['key:admin', 'update', { name: 'new' }],
    ['key:admin', 'update', { status: 'disabled' }],
    [
      'key:admin',
      'rotate',
      {
        last_four: key?.slice(-4),
        previous_expire_at: new Date(now.getTime() + 3 + hour).toISOString(),
      },
    ],
    ['key:admin', 'revoke', {}],
  ])
})
