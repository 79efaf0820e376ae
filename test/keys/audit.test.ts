import { describe, expect, test } from 'vitest'

import { keptSeconds, listAudit, readAudit, writeAudit } from '../../src/keys/audit.ts'
import { createMemoryKv } from './memory-kv.ts'

const at = new Date('2026-11-25T12:00:00Z')
const row = { id: 'k', actor: 'cli:me', action: 'update', changes: { name: 'n' } } as const

/** Times so many minutes later. */
const later = (minutes: number): Date => new Date(at.getTime() + minutes * 60_000)

describe('the audit log', () => {
  test('the audit log has a row for each change, the oldest first, with its time and nothing of the id', async () => {
    const kv = createMemoryKv({ pageSize: 1 })
    await writeAudit(kv, { ...row, at: later(2), action: 'revoke', changes: {} })
    await writeAudit(kv, { ...row, at })
    expect(await readAudit(kv, 'k')).toEqual([
      { at: at.toISOString(), actor: 'cli:me', action: 'update', changes: { name: 'n' } },
      { at: later(2).toISOString(), actor: 'cli:me', action: 'revoke', changes: {} },
    ])
  })

  test('the audit log keeps both of two changes at the same time', async () => {
    const kv = createMemoryKv()
    await Promise.all([writeAudit(kv, { ...row, at }), writeAudit(kv, { ...row, at })])
    expect(await readAudit(kv, 'k')).toHaveLength(2)
  })

  test('the audit log of a key has no rows of an id that begins with it', async () => {
    const kv = createMemoryKv()
    await writeAudit(kv, { ...row, at, id: 'k2' })
    expect(await readAudit(kv, 'k')).toEqual([])
  })

  test('the audit log loses a row after 400 days', async () => {
    const kv = createMemoryKv()
    await writeAudit(kv, { ...row, at: new Date(at.getTime() + 1) })
    const [entry] = [...kv.entries.values()]
    expect(keptSeconds).toBe(34_560_000)
    // KV counts whole seconds, and a row must not go early.
    expect(entry?.options.expiration).toBe(at.getTime() / 1000 + 1 + keptSeconds)
  })

  test('the audit log returns its latest fifty rows, without damaged or expired ones', async () => {
    const kv = createMemoryKv()
    for (let minute = 0; minute < 52; minute += 1) {
      await writeAudit(kv, { ...row, at: later(minute), changes: { minute } })
    }
    const names = [...kv.entries.keys()].sort()
    kv.entries.set(names[51]!, { value: '{"at":1}', options: {} })
    const rows = await listAudit(kv, 'k')
    expect(rows.map(({ row: { changes } }) => changes['minute'])).toEqual(
      Array.from({ length: 49 }, (_, index) => index + 2),
    )
    expect(rows[0]?.name).toBe(names[2])
  })

  test('the audit log of a key is read without reading other entries', async () => {
    const kv = createMemoryKv({ pageSize: 2 })
    for (let minute = 0; minute < 5; minute += 1) {
      await writeAudit(kv, { ...row, at: later(minute) })
    }
    await writeAudit(kv, { ...row, at, id: 'k2' })
    const own = [...kv.entries.keys()].filter((name) => name.startsWith('audit:k:'))
    await readAudit(kv, 'k')
    expect(kv.reads.map(({ key }) => key)).toEqual(own)
  })

  test('the audit log has no row for an entry that was deleted since it was listed', async () => {
    const kv = createMemoryKv()
    await writeAudit(kv, { ...row, at })
    expect(await readAudit({ ...kv, get: async () => null }, 'k')).toEqual([])
  })
})
