import { describe, expect, test } from 'vitest'

import { readAudit } from '../../src/keys/audit.ts'
import { changeKey, makeKey } from '../../src/keys/change.ts'
import type { GroupOperation } from '../../src/keys/groups/change.ts'
import { changeGroup, makeGroup, toAuditId } from '../../src/keys/groups/change.ts'
import type { RememberedGroup } from '../../src/keys/groups/lookup.ts'
import { findGroup } from '../../src/keys/groups/lookup.ts'
import { groupEntry, listGroups, readGroup } from '../../src/keys/groups/store.ts'
import { listKeys, showKey } from '../../src/keys/store.ts'
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

async function makeOne(kv: KeyValue, name = 'search'): Promise<string> {
  const made = await makeGroup(kv, { name, limits: { rpm: 5 } }, { now, actor })
  return 'group' in made ? made.group.id : made.fault
}

async function makeMember(kv: KeyValue, groupId: string | null): Promise<string> {
  const made = await makeKey(kv, { name: 'alice', group_id: groupId }, { now, actor })
  return 'records' in made ? (made.records[0]?.id ?? '') : made.fault
}

const changes: [string, GroupOperation][] = [
  [
    'changing',
    { type: 'update', fields: { name: 'other', limits: { rpm: 9 } }, status: undefined },
  ],
  ['disabling', { type: 'update', fields: {}, status: 'disabled' }],
  ['deleting', { type: 'delete' }],
]

describe.each(changes)('%s a group', (_, changing) => {
  test.each([1, 2, 3])(
    'a change of a group that is interrupted at write %i leaves the old or the new state, and can be repeated',
    async (failing) => {
      const kv = createMemoryKv()
      const id = await makeOne(kv)
      const before = await readGroup(kv, id)
      const expected = await applied(changing)
      await changeGroup(failingAt(kv, failing), { ...changing, id, actor }, { now }).catch(() => {
        // That is what is tested.
      })
      const found = await readGroup(kv, id)
      expect([before, { ...expected, id }]).toContainEqual(found)
      const again = await changeGroup(kv, { ...changing, id, actor }, { now })
      expect(again).toMatchObject({ group: { name: expected?.name, status: expected?.status } })
      expect(await listGroups(kv)).toMatchObject([
        { id, name: expected?.name, status: expected?.status },
      ])
    },
  )
})

/** The group that a change makes where nothing goes wrong. */
async function applied(changing: GroupOperation) {
  const kv = createMemoryKv()
  const id = await makeOne(kv)
  await changeGroup(kv, { ...changing, id, actor }, { now })
  return readGroup(kv, id)
}

test.each([1, 2])(
  'creating a group that is interrupted at write %i leaves none, or one that is listed',
  async (failing) => {
    const kv = createMemoryKv()
    await makeOne(failingAt(kv, failing)).catch(() => {
      // That is what is tested.
    })
    const records = [...kv.entries.keys()].filter((name) => name.startsWith('group:'))
    expect((await listGroups(kv)).map(({ id }) => groupEntry(id))).toEqual(records)
  },
)

describe('a group', () => {
  test('a group has a name that no other group has, until it is deleted', async () => {
    const kv = createMemoryKv()
    const id = await makeOne(kv)
    expect(await makeOne(kv)).toBe(`name: the group search already exists (its id is ${id}).`)
    await changeGroup(kv, { type: 'delete', id, actor }, { now })
    expect(await makeOne(kv)).not.toBe(id)
    const back = { type: 'update' as const, fields: { name: 'x' }, status: undefined }
    expect(await changeGroup(kv, { ...back, id, actor }, { now })).toEqual({
      fault: 'The group search is deleted; create a new one.',
    })
  })

  test('a group is not deleted while a key belongs to it, other than a revoked one', async () => {
    const kv = createMemoryKv()
    const group = await makeOne(kv)
    const id = await makeMember(kv, group)
    const remove = { type: 'delete' as const, id: group, actor }
    expect(await changeGroup(kv, remove, { now })).toEqual({
      fault: expect.stringContaining(`has 1 keys (${id}).`),
    })
    await changeKey(kv, { type: 'revoke', id, actor }, { now })
    expect(await changeGroup(kv, remove, { now })).toMatchObject({ group: { status: 'deleted' } })
    expect(await makeMember(kv, group)).toContain('no group has the id')
  })

  test('a group writes an audit log of its own', async () => {
    const kv = createMemoryKv()
    const id = await makeOne(kv)
    const later = new Date(now.getTime() + 1)
    await changeGroup(
      kv,
      { type: 'update', fields: {}, status: 'disabled', id, actor },
      { now: later },
    )
    expect(await readAudit(kv, toAuditId(id))).toMatchObject([
      { action: 'create', actor, changes: { name: 'search', limits: { rpm: 5 } } },
      { action: 'update', changes: { status: 'disabled' } },
    ])
  })
})

describe('the group of a key', () => {
  test('the group of a key is kept by every change that does not name it, and taken away by null', async () => {
    const kv = createMemoryKv()
    const group = await makeOne(kv)
    const id = await makeMember(kv, group)
    await changeKey(kv, { type: 'update', fields: { name: 'bob' }, id, actor }, { now })
    await changeKey(kv, { type: 'rotate', graceMs: 1000, id, actor }, { now })
    expect((await showKey(kv, id))?.map(({ group_id }) => group_id)).toEqual([group, group])
    expect(await listKeys(kv)).toMatchObject([{ id, group_id: group }])
    await changeKey(kv, { type: 'update', fields: { group_id: null }, id, actor }, { now })
    expect((await showKey(kv, id))?.map(({ group_id }) => group_id)).toEqual([undefined, undefined])
  })

  test('the group of a key must exist', async () => {
    const kv = createMemoryKv()
    const id = await makeMember(kv, null)
    const fields = { group_id: 'nobody' }
    expect(await changeKey(kv, { type: 'update', fields, id, actor }, { now })).toEqual({
      fault: 'group_id: no group has the id nobody.',
    })
  })
})

describe('the look-up of a group', () => {
  async function lookUp(kv: MemoryKv, id: string, { cacheSeconds = 15, at = 0 } = {}) {
    const memory = new BoundedCache<RememberedGroup>(10)
    const find = (later: number) =>
      findGroup(id, { kv, memory, cacheSeconds, now: at + later }).then(
        ({ status }) => status,
        (error: { failure: { kind: string } }) => error.failure.kind,
      )
    return { find }
  }

  test('the look-up of a group reads KV once in 15 seconds', async () => {
    const kv = createMemoryKv()
    const id = await makeOne(kv)
    kv.reads.length = 0
    const { find } = await lookUp(kv, id)
    expect([await find(0), await find(14_999), await find(15_000)]).toEqual([
      'active',
      'active',
      'active',
    ])
    const read = { key: groupEntry(id), cacheTtl: 30 }
    expect(kv.reads).toEqual([read, read])
  })

  test('the look-up of a group rejects a group that is disabled or deleted, and one whose record is missing or damaged', async () => {
    const kv = createMemoryKv()
    const id = await makeOne(kv)
    const { find } = await lookUp(kv, id, { cacheSeconds: 0 })
    await changeGroup(kv, { type: 'update', fields: {}, status: 'disabled', id, actor }, { now })
    expect(await find(0)).toBe('not_permitted')
    await changeGroup(kv, { type: 'delete', id, actor }, { now })
    expect(await find(0)).toBe('not_permitted')
    for (const value of ['{', '{}', '{"id":1}']) {
      kv.entries.set(groupEntry(id), { value, options: {} })
      expect(await find(0)).toBe('misconfigured')
    }
    kv.entries.delete(groupEntry(id))
    expect(await find(0)).toBe('misconfigured')
  })
})
