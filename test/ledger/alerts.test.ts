import { describe, expect, test } from 'vitest'

import type { Alert } from '../../src/alerts/alert.ts'
import { createKey } from '../../src/keys/store.ts'
import type { AlarmTools } from '../../src/ledger/alerts/alarm.ts'
import { runAlarm, startWatching, watchedSinks } from '../../src/ledger/alerts/alarm.ts'
import { toBudgetAlerts } from '../../src/ledger/alerts/budget-alerts.ts'
import { deliverDue } from '../../src/ledger/alerts/deliver-due.ts'
import { Outbox, retryAfterMs } from '../../src/ledger/alerts/outbox.ts'
import { Reservations } from '../../src/ledger/reservations.ts'
import { migrate } from '../../src/ledger/storage/migrations.ts'
import type { Sql } from '../../src/ledger/storage/sql.ts'
import { createMemoryKv } from '../keys/memory-kv.ts'
import { charge, noon } from './entries.ts'
import { createSql } from './sqlite.ts'

const hour = 3_600_000
const day = 24 * hour

const sinks = [{ url_secret: 'HOOK' }]

const event: Alert = {
  kind: 'provider',
  key: 'provider p',
  until: noon + hour,
  message: 'm',
  data: {},
}

let ids = 0
const newId = (): string => `alert_${(ids += 1)}`

/** An outbox with a clock and a receiver that answers with these statuses, then with 200. */
function createOutbox(sql: Sql = createSql(), statuses: number[] = []) {
  migrate(sql)
  const state = { now: noon, sent: [] as { id: string; type: string }[], lines: [] as object[] }
  const tools = {
    secret: (name: string) => `https://${name.toLowerCase()}.test/`,
    now: () => state.now,
    writeLog: (line: object) => state.lines.push(line),
    fetch: async (_: string, init: RequestInit) => {
      const { type } = JSON.parse(init.body as string) as { type: string }
      state.sent.push({ id: new Headers(init.headers).get('webhook-id') ?? '', type })
      return new Response(null, { status: statuses.shift() ?? 200 })
    },
  }
  return { sql, outbox: new Outbox(sql, newId), state, tools }
}

describe('an event', () => {
  test('an event is sent once, however often it is raised before it ends', async () => {
    const { outbox, state, tools } = createOutbox()
    expect(outbox.raise([event], sinks, noon)).toBe(true)
    expect(outbox.raise([event, event], sinks, noon + 1)).toBe(false)
    await deliverDue(outbox, tools)
    expect(outbox.raise([event], sinks, noon + hour - 1)).toBe(false)
    await deliverDue(outbox, tools)
    expect(state.sent).toHaveLength(1)
    expect(outbox.nextDue()).toBeUndefined()
  })

  test('an event that occurs again after its end is another one', async () => {
    const { outbox, state, tools } = createOutbox()
    outbox.raise([event], sinks, noon)
    await deliverDue(outbox, tools)
    state.now = noon + hour
    expect(outbox.raise([{ ...event, until: state.now + hour }], sinks, state.now)).toBe(true)
    await deliverDue(outbox, tools)
    expect(new Set(state.sent.map(({ id }) => id)).size).toBe(2)
  })

  test('an event without a receiver is not stored, so that a receiver that is added later gets it', () => {
    const { outbox, sql } = createOutbox()
    expect(outbox.raise([event], [{ url_secret: 'X', on: ['catalog'] }], noon)).toBe(false)
    expect(sql.all('SELECT * FROM alerts')).toEqual([])
    expect(outbox.raise([event], sinks, noon)).toBe(true)
  })

  test('an event is tried again under the same id until its receiver accepts it', async () => {
    const { outbox, state, tools } = createOutbox(createSql(), [500, 503])
    outbox.raise([event], sinks, noon)
    await deliverDue(outbox, tools)
    expect(outbox.nextDue()).toBe(noon + 5_000)
    await deliverDue(outbox, tools)
    expect(state.sent).toHaveLength(1)
    for (state.now = noon; state.now < noon + hour; state.now += 5_000) {
      await deliverDue(outbox, tools)
    }
    expect(state.sent).toHaveLength(3)
    expect(new Set(state.sent.map(({ id }) => id)).size).toBe(1)
    expect(outbox.nextDue()).toBeUndefined()
  })

  test('an event is sent by the next run if the first one ended before it was', async () => {
    const { sql, outbox } = createOutbox()
    outbox.raise([event], sinks, noon)
    const again = createOutbox(sql)
    expect(again.outbox.nextDue()).toBe(noon)
    await deliverDue(again.outbox, again.tools)
    expect(again.state.sent).toHaveLength(1)
    expect(again.outbox.raise([event], sinks, noon + 1)).toBe(false)
  })

  test('an event is sent again only to the receivers that failed', async () => {
    const { outbox, state, tools } = createOutbox(createSql(), [200, 500])
    outbox.raise([event], [...sinks, { url_secret: 'OTHER', format: 'slack' }], noon)
    const types: string[] = []
    const fetch = async (url: string, init: RequestInit): Promise<Response> => {
      types.push(url)
      return tools.fetch(url, init)
    }
    await deliverDue(outbox, { ...tools, fetch })
    state.now += 5_000
    await deliverDue(outbox, { ...tools, fetch })
    expect(types).toEqual(['https://hook.test/', 'https://other.test/', 'https://other.test/'])
  })

  test('an event is given up after about a day, which is logged without the URL', async () => {
    const { outbox, state, tools } = createOutbox(
      createSql(),
      Array.from({ length: 50 }, () => 500),
    )
    outbox.raise([{ ...event, until: noon + 9 * day }], sinks, noon)
    for (const wait of [0, ...retryAfterMs]) {
      state.now += wait
      await deliverDue(outbox, tools)
    }
    expect(state.sent).toHaveLength(retryAfterMs.length + 1)
    expect(outbox.nextDue()).toBeUndefined()
    expect(state.lines).toMatchObject([{ level: 'error', sink: 'HOOK', undelivered: 'status 500' }])
    expect(JSON.stringify(state.lines)).not.toContain('hook.test')
  })
})

const holder = { type: 'key', id: 'aaaaaaaaaa', name: 'ci' } as const
const limits = { budgets: [{ usd: 1, period: 'day' as const }] }

describe('a budget', () => {
  test('a budget has one alert at each of 75, 95 and 100 percent, over any number of requests', async () => {
    const { sql, outbox, state, tools } = createOutbox()
    const reservations = new Reservations(sql)
    for (let count = 1; count <= 200; count += 1) {
      reservations.settle(charge(`r${count}`, { cost: 1e9 / 190 }), noon, () => {
        const budgets = reservations.newestBudgets({ limits, version: 0 }, noon)
        outbox.raise(toBudgetAlerts(holder, budgets), sinks, noon)
      })
    }
    const percents = outbox.due(noon).map(({ alert }) => alert.data['percent'])
    expect(new Set(percents)).toEqual(new Set([75, 95, 100]))
    expect(percents).toHaveLength(3)
    await deliverDue(outbox, tools)
    expect(state.sent).toHaveLength(3)
  })

  test('a budget writes no row for a request that reaches no new threshold', () => {
    const { sql, outbox } = createOutbox()
    const reservations = new Reservations(sql)
    reservations.settle(charge('a', { cost: 8e8 }), noon)
    const raise = (writes: Sql): boolean => {
      const budgets = reservations.newestBudgets({ limits, version: 0 }, noon)
      return new Outbox(writes, newId).raise(toBudgetAlerts(holder, budgets), sinks, noon)
    }
    expect(raise(sql)).toBe(true)
    const statements: string[] = []
    const watched: Sql = {
      ...sql,
      all: (statement, ...values) => {
        statements.push(statement)
        return sql.all(statement, ...values)
      },
    }
    expect(raise(watched)).toBe(false)
    expect(statements.every((statement) => statement.startsWith('SELECT'))).toBe(true)
    expect(outbox.due(noon)).toHaveLength(1)
  })

  test('the alert of a budget names its owner, what is spent, and when it resets; another amount is another event', () => {
    const standing = {
      period: 'day' as const,
      pattern: 'opus-*',
      limit: 5e9,
      spent: 4.8e9,
      held: 0,
      resetsAt: noon + 12 * hour,
    }
    const alerts = toBudgetAlerts(holder, [standing])
    expect(alerts.map(({ data }) => data['percent'])).toEqual([75, 95])
    expect(alerts[1]?.message).toBe(
      'Key ci (aaaaaaaaaa) has used 95 % of its budget of $5.00 a day for opus-*: $4.80 is spent. It resets at 2026-11-26 00:00 UTC.',
    )
    expect(alerts[1]?.until).toBe(standing.resetsAt)
    const raised = toBudgetAlerts(holder, [{ ...standing, limit: 5.1e9 }])
    const keys = new Set([...alerts, ...raised].map(({ key }) => key))
    expect(keys.size).toBe(3)
    expect(toBudgetAlerts(holder, [{ ...standing, spent: 3.7e9 }])).toEqual([])
  })
})

/** KV with a key that expires then, and a catalog. */
async function createGateway(expiresAt: string | null, catalog: string) {
  const keys = createMemoryKv()
  await createKey(
    keys,
    { name: 'ci', expires_at: expiresAt, models: ['*'], scopes: [], limits: {}, metadata: {} },
    { now: new Date(noon - day) },
  )
  const made = createOutbox()
  const state = { catalog }
  const tools: AlarmTools = {
    ...made.tools,
    keys,
    catalog: { ...keys, get: async () => state.catalog },
  }
  return { ...made, tools, catalog: state }
}

const valid = JSON.stringify({ version: 1, providers: {}, models: [], alerts: sinks })

describe('the gateway’s ledger', () => {
  test('the gateway’s ledger alerts of an expiring key a week and a day before, once each', async () => {
    const expires = new Date(noon + 6 * day).toISOString()
    const { sql, outbox, state, tools } = await createGateway(expires, valid)
    startWatching(sql, sinks)
    const types = async (hours: number): Promise<number> => {
      for (let passed = 0; passed < hours; passed += 1) {
        state.now += hour
        await runAlarm(sql, outbox, tools)
      }
      return state.sent.filter(({ type }) => type === 'key_expiring').length
    }
    expect(await types(2)).toBe(1)
    expect(await types(5 * 24 - 3)).toBe(1)
    expect(await types(3)).toBe(2)
    expect(await types(48)).toBe(2)
  })

  test('the gateway’s ledger alerts of a catalog that cannot be used, to the receivers of the last valid one', async () => {
    const { sql, outbox, state, tools, catalog } = await createGateway(null, valid)
    startWatching(sql, sinks)
    await runAlarm(sql, outbox, tools)
    expect(state.sent).toEqual([])
    catalog.catalog = '{"version": 1, "models": []}'
    state.now += hour
    await runAlarm(sql, outbox, tools)
    state.now += hour
    await runAlarm(sql, outbox, tools)
    expect(state.sent.map(({ type }) => type)).toEqual(['catalog'])
  })

  test('the alarm of the gateway’s ledger fires every five minutes, and stops when the catalog names no receivers', async () => {
    const { sql, outbox, state, tools, catalog } = await createGateway(null, valid)
    startWatching(sql, sinks)
    expect(await runAlarm(sql, outbox, tools)).toBe(noon + 300_000)
    catalog.catalog = valid
      .replace('"alerts"', '"aliases":{},"alerts"')
      .replace(JSON.stringify(sinks), '[]')
    state.now += hour
    expect(await runAlarm(sql, outbox, tools)).toBeUndefined()
    expect(watchedSinks(sql)).toEqual([])
  })

  test('the gateway’s ledger logs that KV cannot be read, and tries again', async () => {
    const { sql, outbox, state, tools } = await createGateway(null, valid)
    startWatching(sql, sinks)
    const broken = { ...tools.catalog, get: async () => Promise.reject(new Error('KV is down')) }
    expect(await runAlarm(sql, outbox, { ...tools, catalog: broken })).toBe(noon + 300_000)
    expect(state.lines).toEqual([{ level: 'warn', alerts_not_watched: 'KV is down' }])
  })
})
