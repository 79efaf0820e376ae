/** A gateway that is exported and imported: keys, groups, audit logs and usage. */
import { describe, expect, test } from 'vitest'

import { changeKey, makeKey } from '../../src/keys/change.ts'
import { changeGroup, makeGroup } from '../../src/keys/groups/change.ts'
import { listKeys, readSecrets } from '../../src/keys/store.ts'
import { Reservations } from '../../src/ledger/reservations.ts'
import type { Sql } from '../../src/ledger/storage/sql.ts'
import { exportTables, importTables } from '../../src/ledger/storage/tables.ts'
import type { TransferLine, TransferStore } from '../../src/ledger/transfer.ts'
import { exportHolder, importLines, listHolders, transferLine } from '../../src/ledger/transfer.ts'
import { recordAdjustment } from '../../src/ledger/usage/adjust.ts'
import { readSessions, readUsage } from '../../src/ledger/usage/read-usage.ts'
import type { KeyValue } from '../../src/platform/key-value.ts'
import type { MemoryKv } from '../keys/memory-kv.ts'
import { createMemoryKv } from '../keys/memory-kv.ts'
import { charge, noon } from './entries.ts'
import { createSql } from './sqlite.ts'

const now = new Date(noon)
const actor = 'cli:me'
const everything = { from: 0, to: 1e9, hoursPerRow: 1 }

interface Gateway extends TransferStore {
  kv: MemoryKv
  sql: (ledger: string) => Sql
}

function createGateway(): Gateway {
  const ledgers = new Map<string, Sql>()
  const sql = (ledger: string): Sql => {
    const found = ledgers.get(ledger) ?? createSql()
    if (!ledgers.has(ledger)) {
      ledgers.set(ledger, found)
      new Reservations(found).expire(noon)
    }
    return found
  }
  return {
    kv: createMemoryKv(),
    sql,
    readTables: async (ledger) => exportTables(sql(ledger)),
    writeTables: async (ledger, parts) => importTables(sql(ledger), parts),
  }
}

async function addKey(kv: KeyValue, more: object = {}): Promise<string> {
  const made = await makeKey(kv, { name: 'alice', ...more }, { now, actor })
  return 'records' in made ? (made.records[0]?.id ?? '') : ''
}

/** A gateway with a group, a key in it that was rotated and used, and a key that is revoked. */
async function createUsed() {
  const gateway = createGateway()
  const { kv, sql } = gateway
  const made = await makeGroup(kv, { name: 'search', limits: { rpm: 9 } }, { now, actor })
  const group = 'group' in made ? made.group.id : ''
  const budgets = [{ usd: 5, period: 'day' as const }]
  const id = await addKey(kv, { group_id: group, limits: { budgets } })
  await changeKey(kv, { type: 'rotate', id, actor, graceMs: 3_600_000 }, { now })
  const gone = await addKey(kv)
  await changeKey(kv, { type: 'revoke', id: gone, actor }, { now })
  const reservations = new Reservations(sql(id))
  reservations.settle(
    charge('a', { input: 10, output: 5, cost: 60, session: 's', lastFour: 'wxyz', group }),
    noon,
  )
  reservations.settle(charge('b', { model: 'n', cost: 40, error: 'api_error', group }), noon)
  const entry = { at: noon, cost: -7, why: 'outage', actor, model: '', key: '', limits: {} }
  recordAdjustment(sql(id), { id: 'adjusted', ...entry })
  new Reservations(sql(`group:${group}`)).settle(charge('a', { cost: 60 }), noon)
  return { ...gateway, group, id, gone }
}

/** The lines of an export, as they are after a file. */
async function exportAll(store: TransferStore): Promise<TransferLine[]> {
  const holders = await listHolders(store.kv)
  const lines = await Promise.all(holders.map((holder) => exportHolder(store, holder)))
  return lines.flat().map((line) => transferLine.parse(JSON.parse(JSON.stringify(line))))
}

describe('an export', () => {
  test('an export that is imported elsewhere makes a gateway that exports the same', async () => {
    const source = await createUsed()
    const lines = await exportAll(source)
    const target = createGateway()
    expect(await importLines(target, lines, now)).toMatchObject({ created: 3, changed: 0 })
    expect(await exportAll(target)).toEqual(lines)
    expect(await listKeys(target.kv)).toEqual(await listKeys(source.kv))
    expect(await readSecrets(target.kv, source.id)).toEqual(await readSecrets(source.kv, source.id))
  })

  test('an export has usage, the budgets’ spend, sessions, groups and corrections', async () => {
    const source = await createUsed()
    const target = createGateway()
    await importLines(target, await exportAll(source), now)
    const sql = target.sql(source.id)
    expect(readUsage(sql, everything)).toEqual(readUsage(source.sql(source.id), everything))
    expect(readUsage(sql, everything).map(({ group, cost }) => [group, cost])).toEqual([
      [source.group, 60],
      [source.group, 40],
      [source.group, -7],
    ])
    expect(readSessions(sql, 9)).toMatchObject([{ session: 's', cost: 60 }])
    const limits = { budgets: [{ usd: 5, period: 'total' as const }] }
    expect(new Reservations(sql).budgets(limits, noon)).toMatchObject([{ spent: 93 }])
  })

  test('an export contains no secret, but its hash', async () => {
    const source = createGateway()
    const made = await makeKey(source.kv, { name: 'x' }, { now, actor })
    const key = 'key' in made ? (made.key ?? '') : ''
    const text = JSON.stringify(await exportAll(source))
    expect(text).not.toContain(key.slice(15, -4))
    expect(text).toMatch(/"hash":"[0-9a-f]{64}"/)
  })
})

describe('an import', () => {
  test('an import that is repeated changes nothing, and writes nothing to KV', async () => {
    const source = await createUsed()
    const lines = await exportAll(source)
    const target = createGateway()
    await importLines(target, lines, now)
    const before = new Map(target.kv.entries)
    expect(await importLines(target, lines, now)).toMatchObject({
      created: 0,
      changed: 0,
      unchanged: 3,
    })
    expect(target.kv.entries).toEqual(before)
    expect(await exportAll(target)).toEqual(lines)
  })

  test('an import of a newer export of the same gateway adds what came since', async () => {
    const source = await createUsed()
    const target = createGateway()
    await importLines(target, await exportAll(source), now)
    new Reservations(source.sql(source.id)).settle(charge('c', { cost: 1000 }), noon)
    await changeKey(source.kv, { type: 'revoke', id: source.id, actor }, { now })
    expect(await importLines(target, await exportAll(source), now)).toMatchObject({ changed: 1 })
    expect(await exportAll(target)).toEqual(await exportAll(source))
  })

  test('an import keeps what was changed since the export: a revoked key stays revoked', async () => {
    const source = await createUsed()
    const lines = await exportAll(source)
    await changeKey(source.kv, { type: 'revoke', id: source.id, actor }, { now })
    const change = { type: 'update' as const, fields: { name: 'other' }, status: undefined }
    await changeGroup(source.kv, { ...change, id: source.group, actor }, { now })
    const changed = await exportAll(source)
    await importLines(source, lines, now)
    expect(await exportAll(source)).toEqual(changed)
  })

  test.each(Array.from({ length: 12 }, (_, index) => index + 1))(
    'an import that is interrupted at write %i can be repeated, and lists every key that works',
    async (failing) => {
      const source = await createUsed()
      const lines = await exportAll(source)
      const target = createGateway()
      let writes = 0
      const kv: KeyValue = {
        ...target.kv,
        put(name, value, options) {
          writes += 1
          return writes >= failing
            ? Promise.reject(new Error('lost'))
            : target.kv.put(name, value, options)
        },
      }
      await importLines({ ...target, kv }, lines, now).catch(() => {
        // That is what is tested.
      })
      const listed = (await listKeys(target.kv)).map(({ id }) => id)
      for (const [name, { value }] of target.kv.entries) {
        if (name.startsWith('key:')) {
          const record: { id: string } = JSON.parse(value)
          expect(listed).toContain(record.id)
        }
      }
      await importLines(target, lines, now)
      expect(await exportAll(target)).toEqual(lines)
    },
  )

  test('an import refuses a group whose name another group has, and rows that no table takes', async () => {
    const source = await createUsed()
    const [line] = await exportAll(source)
    const target = createGateway()
    await makeGroup(target.kv, { name: 'search' }, { now, actor })
    await expect(importLines(target, line === undefined ? [] : [line], now)).rejects.toThrow(
      'Another group is named search',
    )
    const usage = { type: 'usage' as const, ledger: source.id, columns: ['x'], rows: [[1]] }
    for (const table of ['facts', 'toString', 'usage']) {
      await expect(importLines(target, [{ ...usage, table }], now)).rejects.toThrow(/table|columns/)
    }
  })
})
