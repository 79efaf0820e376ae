import { describe, expect, test } from 'vitest'

import { leaseMs } from '../../src/ledger/protocol.ts'
import { Reservations } from '../../src/ledger/reservations.ts'
import { readFact } from '../../src/ledger/storage/facts.ts'
import { migrate } from '../../src/ledger/storage/migrations.ts'
import { readPolicy } from '../../src/ledger/storage/policy.ts'
import type { Sql } from '../../src/ledger/storage/sql.ts'
import { readLastUsed, readSessions, readUsage } from '../../src/ledger/usage/read-usage.ts'
import { charge, noon, reservation } from './entries.ts'
import { createSql } from './sqlite.ts'

const hour = Math.floor(noon / 3_600_000)
const day = Math.floor(noon / 86_400_000)

/** What 0.1.0 wrote, statement by statement. Frozen: databases like this one exist. */
const version1 = [
  `CREATE TABLE reservations (
    id TEXT PRIMARY KEY, state TEXT NOT NULL, at INTEGER NOT NULL, expires INTEGER NOT NULL,
    kind TEXT NOT NULL, model TEXT NOT NULL, scopes TEXT NOT NULL,
    input INTEGER NOT NULL, output INTEGER NOT NULL, cost INTEGER NOT NULL,
    input_cost INTEGER NOT NULL, charge TEXT
  ) WITHOUT ROWID`,
  `CREATE INDEX reservations_by_state ON reservations (state, expires)`,
  `CREATE TABLE slots (
    scope TEXT NOT NULL, metric TEXT NOT NULL, second INTEGER NOT NULL, amount INTEGER NOT NULL,
    PRIMARY KEY (scope, metric, second)
  ) WITHOUT ROWID`,
  `CREATE TABLE spend (day INTEGER PRIMARY KEY, cost INTEGER NOT NULL)`,
  `CREATE TABLE usage (
    hour INTEGER NOT NULL, model TEXT NOT NULL, provider TEXT NOT NULL,
    requests INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL,
    cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL, thinking INTEGER NOT NULL,
    cost INTEGER NOT NULL, errors INTEGER NOT NULL, adaptations INTEGER NOT NULL,
    estimated INTEGER NOT NULL,
    PRIMARY KEY (hour, model, provider)
  ) WITHOUT ROWID`,
  `CREATE TABLE errors (
    hour INTEGER NOT NULL, model TEXT NOT NULL, provider TEXT NOT NULL, type TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (hour, model, provider, type)
  ) WITHOUT ROWID`,
  `CREATE TABLE sessions (
    session TEXT NOT NULL, agent TEXT NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
    requests INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    PRIMARY KEY (session, agent)
  ) WITHOUT ROWID`,
  `CREATE INDEX sessions_by_time ON sessions (last_at)`,
  `CREATE TABLE secrets (last_four TEXT PRIMARY KEY, last_used INTEGER NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`,
  `INSERT INTO facts VALUES ('key', 'abcdefghij')`,
  `INSERT INTO facts VALUES
    ('policy', '{"version":3,"status":"active","limits":{"budgets":[{"usd":5,"period":"total"}]}}')`,
  // One in flight, one settled half a minute ago.
  `INSERT INTO reservations VALUES ('open', 'open', ${noon - 5000}, ${noon + 4_500_000}, 'messages',
    'opus-5', char(10) || char(10) || 'opus-*' || char(10), 70, 32000, 900, 7, NULL)`,
  `INSERT INTO reservations VALUES ('done', 'settled', ${noon - 30_000}, ${noon + 80_000_000},
    'messages', 'm', char(10) || char(10), 40, 100, 50, 4, NULL)`,
  `INSERT INTO reservations VALUES ('unreserved', 'settled', ${noon - 9000}, ${noon + 80_000_000},
    '', '', '', 0, 0, 0, 0, NULL)`,
  `INSERT INTO slots VALUES ('', 'requests', ${noon / 1000}, 2)`,
  // 1,000 of the spend was on a day that is no longer kept.
  `INSERT INTO spend VALUES (-1, 4000), (${day - 1}, 2000), (${day}, 1000)`,
  `INSERT INTO usage VALUES (${hour}, 'm', 'p', 2, 50, 60, 7, 8, 9, 1000, 1, 3, 1)`,
  `INSERT INTO errors VALUES (${hour}, 'm', 'p', 'api_error', 1)`,
  `INSERT INTO sessions VALUES ('s', '', ${noon - 99}, ${noon - 9}, 2, 65, 60, 1000)`,
  `INSERT INTO secrets VALUES ('wxyz', ${noon - 9})`,
]

function createVersion1(): Sql {
  const sql = createSql()
  version1.forEach((statement) => sql.all(statement))
  return sql
}

describe('a ledger of version 0.1.0', () => {
  test('a ledger of version 0.1.0 keeps its usage, sessions, secrets and policy', () => {
    const sql = createVersion1()
    migrate(sql)
    expect(readUsage(sql, { from: 0, to: 1e9, hoursPerRow: 1 })).toEqual([
      {
        hour,
        model: 'm',
        provider: 'p',
        group: '',
        requests: 2,
        input: 50,
        output: 60,
        cacheRead: 7,
        cacheWrite: 8,
        cacheWrite1h: 0,
        webSearches: 0,
        thinking: 9,
        cost: 1000,
        errors: 1,
        adaptations: 3,
        estimated: 1,
        errorTypes: { api_error: 1 },
      },
    ])
    expect(readSessions(sql, 10)).toMatchObject([{ session: 's', requests: 2, cost: 1000 }])
    expect(readLastUsed(sql)).toEqual({ wxyz: noon - 9 })
    expect(readPolicy(sql)).toMatchObject({ version: 3 })
    expect([readFact(sql, 'key'), readFact(sql, 'schema')]).toEqual(['abcdefghij', '4'])
  })

  test('a ledger of version 0.1.0 keeps what was spent, in every period', () => {
    const spent = (['day', 'week', 'total'] as const).map((period) => {
      const reservations = new Reservations(createVersion1())
      return reservations.budgets({ budgets: [{ usd: 5, period }] }, noon)[0]?.spent
    })
    expect(spent).toEqual([1000, 3000, 4000])
  })

  test('a ledger of version 0.1.0 releases requests in flight, and accepts their late settlements in place of estimates', () => {
    const sql = createVersion1()
    const reservations = new Reservations(sql)
    expect(reservations.open(noon)).toEqual([])
    reservations.settle(charge('open', { model: 'opus-5', input: 66, cost: 6 }), noon + 1)
    reservations.settle(charge('done', { input: 99, cost: 99 }), noon + 2)
    const rows = readUsage(sql, { from: 0, to: 1e9, hoursPerRow: 1 })
    expect(rows.map(({ model, cost }) => [model, cost])).toEqual([
      ['m', 1000],
      ['opus-5', 6],
    ])
    expect(reservations.budgets({ budgets: [{ usd: 5, period: 'day' }] }, noon)[0]?.spent).toBe(
      1006,
    )
  })

  test('a ledger of version 0.1.0 still counts the requests of the last minute', () => {
    const reservations = new Reservations(createVersion1())
    const limits = { rpm: 4, models: { 'opus-*': { rpm: 1 } } }
    const ask = (id: string, model: string) =>
      reservations.reserve({ ...reservation(id, limits, { model }), version: 9 }, noon).refusal
    expect(ask('a', 'opus-6')).toMatchObject({ pattern: 'opus-*' })
    expect([ask('b', 'm'), ask('c', 'm')]).toMatchObject([undefined, { metric: 'requests' }])
  })

  test('a ledger of version 0.1.0 is migrated once, however often it is opened', () => {
    const sql = createVersion1()
    new Reservations(sql).reserve(reservation('a', {}), noon)
    const again = new Reservations(sql)
    expect(again.open(noon + leaseMs - 1).map(({ id }) => id)).toEqual(['a'])
  })
})

test('a ledger of a newer version is not changed', () => {
  const sql = createSql()
  migrate(sql)
  sql.all(`UPDATE facts SET value = '99' WHERE name = 'schema'`)
  expect(() => new Reservations(sql)).toThrow('schema version 99')
})

/** What the schema 2 had, which 0.2.0 was released from. Frozen. */
const version2 = [
  `CREATE TABLE requests (
    id TEXT PRIMARY KEY, state TEXT NOT NULL, kind TEXT NOT NULL, model TEXT NOT NULL,
    scopes TEXT NOT NULL, at INTEGER NOT NULL, ended INTEGER NOT NULL, expires INTEGER NOT NULL,
    input INTEGER NOT NULL, output INTEGER NOT NULL, held INTEGER NOT NULL,
    input_cost INTEGER NOT NULL, charge TEXT
  ) WITHOUT ROWID`,
  `CREATE TABLE spend_by_scope (
    scope TEXT NOT NULL, day INTEGER NOT NULL, cost INTEGER NOT NULL, PRIMARY KEY (scope, day)
  ) WITHOUT ROWID`,
  `CREATE TABLE usage (
    hour INTEGER NOT NULL, model TEXT NOT NULL, provider TEXT NOT NULL,
    requests INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL,
    cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL, thinking INTEGER NOT NULL,
    cost INTEGER NOT NULL, errors INTEGER NOT NULL, adaptations INTEGER NOT NULL,
    estimated INTEGER NOT NULL, cache_write_1h INTEGER NOT NULL DEFAULT 0,
    web_searches INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (hour, model, provider)
  ) WITHOUT ROWID`,
  `CREATE TABLE errors (
    hour INTEGER NOT NULL, model TEXT NOT NULL, provider TEXT NOT NULL, type TEXT NOT NULL,
    count INTEGER NOT NULL, PRIMARY KEY (hour, model, provider, type)
  ) WITHOUT ROWID`,
  `CREATE TABLE sessions (
    session TEXT NOT NULL, agent TEXT NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
    requests INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL,
    cost INTEGER NOT NULL, PRIMARY KEY (session, agent)
  ) WITHOUT ROWID`,
  `CREATE TABLE secrets (last_four TEXT PRIMARY KEY, last_used INTEGER NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`,
  `INSERT INTO facts VALUES ('schema', '2'), ('key', 'abcdefghij')`,
  `INSERT INTO spend_by_scope VALUES ('', ${day}, 1000)`,
  `INSERT INTO usage VALUES (${hour}, 'm', 'p', 2, 50, 60, 7, 8, 9, 1000, 1, 3, 1, 4, 2)`,
  `INSERT INTO errors VALUES (${hour}, 'm', 'p', 'api_error', 1)`,
  // In flight, with a charge as a Worker of that version sent it: without a group.
  `INSERT INTO requests VALUES ('open', 'open', 'messages', 'm', '[""]', ${noon - 5000}, 0,
    ${noon + 60_000}, 70, 100, 900, 7, '${JSON.stringify(charge('open', { cost: 70 }))}')`,
]

/** What schema 3 added, which 0.2.0 has. Frozen. */
const version3 = [
  ...version2,
  `CREATE TABLE memberships (hour INTEGER PRIMARY KEY, group_id TEXT NOT NULL)`,
  `CREATE TABLE adjustments (
    id TEXT PRIMARY KEY, at INTEGER NOT NULL, cost INTEGER NOT NULL, why TEXT NOT NULL,
    actor TEXT NOT NULL, model TEXT NOT NULL, key TEXT NOT NULL
  ) WITHOUT ROWID`,
  `INSERT INTO memberships VALUES (${hour}, 'g')`,
  `INSERT INTO adjustments VALUES ('a', ${noon}, -100, 'why', 'key:k', '', '')`,
  `UPDATE facts SET value = '3' WHERE name = 'schema'`,
]

test('a ledger of schema 3 keeps what it has, and takes alerts', () => {
  const sql = createSql()
  version3.forEach((statement) => sql.all(statement))
  const reservations = new Reservations(sql)
  expect(readUsage(sql, { from: 0, to: 1e9, hoursPerRow: 1 })).toMatchObject([
    { group: 'g', cost: 1000 },
    { provider: 'adjustment', cost: -100 },
  ])
  expect(reservations.open(noon).map(({ id }) => id)).toEqual(['open'])
  expect([readFact(sql, 'schema'), sql.all('SELECT * FROM alerts')]).toEqual(['4', []])
})

describe('a ledger of schema 2', () => {
  function createVersion2(): Sql {
    const sql = createSql()
    version2.forEach((statement) => sql.all(statement))
    return sql
  }

  test('a ledger of schema 2 keeps its usage, which counts for no group, and its requests in flight', () => {
    const sql = createVersion2()
    const reservations = new Reservations(sql)
    expect(readUsage(sql, { from: 0, to: 1e9, hoursPerRow: 1 })).toMatchObject([
      {
        model: 'm',
        group: '',
        cost: 1000,
        cacheWrite1h: 4,
        webSearches: 2,
        errorTypes: { api_error: 1 },
      },
    ])
    expect(reservations.open(noon).map(({ id }) => id)).toEqual(['open'])
    reservations.expire(noon + leaseMs)
    expect(reservations.budgets({ budgets: [{ usd: 5, period: 'day' }] }, noon)).toMatchObject([
      { spent: 1070 },
    ])
    expect(readFact(sql, 'schema')).toBe('4')
  })

  test('a ledger of schema 2 counts usage for a group from the hour on in which its key joined it', () => {
    const sql = createVersion2()
    const reservations = new Reservations(sql)
    const later = noon + 2 * 3_600_000
    reservations.settle(charge('a', { at: later, cost: 1, group: 'g' }), later)
    reservations.settle(charge('b', { at: noon, cost: 2, group: '' }), later)
    reservations.settle(charge('c', { at: later + 3_600_000, cost: 4, group: '' }), later)
    const rows = readUsage(sql, { from: 0, to: 1e9, hoursPerRow: 1 })
    expect(rows.map(({ group, cost }) => [group, cost])).toEqual([
      ['', 1002],
      ['g', 1],
      ['', 4],
    ])
    const days = readUsage(sql, { from: 0, to: 1e9, hoursPerRow: 24 })
    expect(days.map(({ group, cost }) => [group, cost])).toEqual([
      ['', 1006],
      ['g', 1],
    ])
  })
})
