import { describe, expect, test } from 'vitest'

import { readAudit, writeAudit } from '../../src/keys/audit.ts'
import { changeKey } from '../../src/keys/change.ts'
import { toNewFields } from '../../src/keys/fields.ts'
import { changeGroup, makeGroup } from '../../src/keys/groups/change.ts'
import { readGroup } from '../../src/keys/groups/store.ts'
import { createKey, readIdentity, readSecrets } from '../../src/keys/store.ts'
import {
  auditLine,
  exportAudit,
  exportGroup,
  exportKey,
  importAudit,
  importGroup,
  importKey,
  keyLine,
} from '../../src/keys/transfer.ts'
import type { MemoryKv } from './memory-kv.ts'
import { createMemoryKv } from './memory-kv.ts'

const now = new Date('2026-11-25T12:00:00Z')
const actor = 'cli:me'
const minute = 60_000

async function openKey() {
  const kv = createMemoryKv()
  const { record } = await createKey(kv, toNewFields('ci', {}), { now, actor })
  const { id } = record
  const rotate = async (at: Date) =>
    changeKey(kv, { type: 'rotate', graceMs: minute, id, actor }, { now: at })
  const lineOf = async (from: MemoryKv) => {
    const line = await exportKey(from, id)
    if (line === undefined) {
      throw new Error('nothing is exported')
    }
    return line
  }
  return { kv, id, rotate, lineOf }
}

async function openGroup() {
  const kv = createMemoryKv()
  const made = await makeGroup(kv, { name: 'team' }, { now, actor })
  if ('fault' in made) {
    throw new Error(made.fault)
  }
  const line = await exportGroup(kv, made.group.id)
  if (line === undefined) {
    throw new Error('nothing is exported')
  }
  return { kv, group: made.group, line }
}

describe('a key that is exported', () => {
  test('a key that is exported is imported with all its secrets by their hashes, and again without a change', async () => {
    const { kv, id, rotate, lineOf } = await openKey()
    await rotate(now)
    const line = await lineOf(kv)
    expect(keyLine.safeParse(line).success).toBe(true)
    const other = createMemoryKv()
    expect(await importKey(other, line, now)).toBe('created')
    expect(await readSecrets(other, id)).toEqual(await readSecrets(kv, id))
    const { size } = other.entries
    expect(await importKey(other, line, now)).toBe('unchanged')
    expect(other.entries.size).toBe(size)
  })

  test('a key that is exported replaces a record that is older, and adds a secret in the order of creation', async () => {
    const { kv, id, rotate, lineOf } = await openKey()
    const other = createMemoryKv()
    await importKey(other, await lineOf(kv), now)
    await rotate(new Date(now.getTime() + minute))
    expect(await importKey(other, await lineOf(kv), now)).toBe('changed')
    const secrets = await readSecrets(other, id)
    expect(secrets?.map(({ record }) => record.last_four)).toEqual(
      (await readSecrets(kv, id))?.map(({ record }) => record.last_four),
    )
    expect((await readIdentity(other, id))?.hashes).toHaveLength(2)
  })

  test('a key that is exported keeps a record that was changed since the export', async () => {
    const { kv, id, lineOf } = await openKey()
    const line = await lineOf(kv)
    await changeKey(kv, { type: 'revoke', id, actor }, { now })
    expect(await importKey(kv, line, now)).toBe('unchanged')
    expect((await readSecrets(kv, id))?.[0]?.record.status).toBe('revoked')
  })

  test('the export of an unknown key is undefined', async () => {
    expect(await exportKey(createMemoryKv(), 'aaaaaaaaaa')).toBeUndefined()
  })

  test.each([
    ['an id with other characters', { id: 'aaaaaaaaa1' }],
    ['an id with more characters', { id: 'aaaaaaaaaaa' }],
    ['no secret', { secrets: [] }],
  ])('an exported key is not valid with %s', async (_, change) => {
    const { kv, lineOf } = await openKey()
    expect(keyLine.safeParse({ ...(await lineOf(kv)), ...change }).success).toBe(false)
  })

  test('a key that is exported is not valid with a hash that could name another entry', async () => {
    const { kv, lineOf } = await openKey()
    const line = await lineOf(kv)
    const secrets = line.secrets.map((secret) => ({ ...secret, hash: `x${secret.hash}` }))
    expect(keyLine.safeParse({ ...line, secrets }).success).toBe(false)
  })
})

describe('a group that is exported', () => {
  test('a group that is exported is imported, and again without a change', async () => {
    const { group, line } = await openGroup()
    const other = createMemoryKv()
    expect(await importGroup(other, line)).toBe('created')
    expect(await readGroup(other, group.id)).toEqual(group)
    expect(await importGroup(other, line)).toBe('unchanged')
  })

  test('a group that is exported replaces an older record, and no newer one', async () => {
    const { kv, group, line } = await openGroup()
    const other = createMemoryKv()
    await importGroup(other, line)
    const update = { type: 'update', fields: { name: 'crew' }, status: undefined } as const
    await changeGroup(kv, { ...update, id: group.id, actor }, { now })
    const newer = await exportGroup(kv, group.id)
    expect(await importGroup(other, newer!)).toBe('changed')
    expect(await importGroup(other, line)).toBe('unchanged')
    expect((await readGroup(other, group.id))?.name).toBe('crew')
  })

  test('a group that is exported is rejected where another group has its name, unless one of them is deleted', async () => {
    const { line, group } = await openGroup()
    const { kv: other, group: taken } = await openGroup()
    await expect(importGroup(other, line)).rejects.toThrow(
      `Another group is named team (${taken.id}); rename it before the import.`,
    )
    const deleted = { ...line, record: { ...group, status: 'deleted' as const } }
    expect(await importGroup(other, deleted)).toBe('created')
    await changeGroup(other, { type: 'delete', id: taken.id, actor }, { now })
    const { line: third } = await openGroup()
    expect(await importGroup(other, third)).toBe('created')
  })

  test('the export of an unknown group is undefined', async () => {
    expect(await exportGroup(createMemoryKv(), 'aaaaaaaaaa')).toBeUndefined()
  })
})

describe('a row of an audit log that is exported', () => {
  async function openRow() {
    const kv = createMemoryKv()
    await writeAudit(kv, { id: 'k', at: now, actor, action: 'create', changes: { name: 'n' } })
    const [line] = await exportAudit(kv, 'k')
    if (line === undefined) {
      throw new Error('nothing is exported')
    }
    return { kv, line }
  }

  test('a row of an audit log that is exported is imported under its name with its expiration, and once', async () => {
    const { kv, line } = await openRow()
    expect(auditLine.safeParse(line).success).toBe(true)
    const other = createMemoryKv()
    expect(await importAudit(other, line, now)).toBe('created')
    expect(await importAudit(other, line, now)).toBe('unchanged')
    expect([...other.entries]).toEqual([...kv.entries])
    expect(await readAudit(other, 'k')).toEqual(await readAudit(kv, 'k'))
  })

  test('a row of an audit log that is exported is left out if KV could not keep it for a minute', async () => {
    const { line } = await openRow()
    const end = now.getTime() + 400 * 86_400_000
    expect(await importAudit(createMemoryKv(), line, new Date(end - minute))).toBe('unchanged')
    expect(await importAudit(createMemoryKv(), line, new Date(end - minute - 1000))).toBe('created')
  })

  test.each(['key:x', 'audit:', 'audit:k/../x', ` audit:k`])(
    'a row of an audit log that is exported is not valid named %j',
    async (name) => {
      const { line } = await openRow()
      expect(auditLine.safeParse({ ...line, name }).success).toBe(false)
    },
  )
})
