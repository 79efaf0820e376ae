import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Charge } from '../../src/ledger/protocol.ts'
import { longestRequestMs, Reservations } from '../../src/ledger/reservations.ts'
import { toNumber } from '../../src/ledger/storage/sql.ts'
import { readUsage } from '../../src/ledger/usage/read-usage.ts'
import { charge, noon, reservation } from './entries.ts'
import { createSql } from './sqlite.ts'

const limits = {
  rpm: 50,
  itpm: 400,
  otpm: 400,
  concurrency: 6,
  models: { a: { rpm: 9 } },
  budgets: [{ usd: 1e-6, period: 'day' as const }],
}

interface Told {
  do: 'reserve' | 'settle' | 'abort' | 'release' | 'repeat'
  id: number
  tokens: number
}

type Step = Told | { do: 'restart' | 'wait'; ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom<Told['do'][]>('reserve', 'reserve', 'settle', 'abort', 'release', 'repeat'),
    id: fc.nat(11),
    tokens: fc.nat(120),
  }),
  fc.record({
    do: fc.constantFrom('restart', 'wait'),
    ms: fc.constantFrom(0, 500, 30_000, 600_000, -900_000, longestRequestMs),
  }),
)

/** What the ledger was told, by id: the truth that the last word of it leaves. */
interface Model {
  settled: Map<string, Charge>
  closed: Set<string>
}

function toCharge(id: string, tokens: number, now: number, estimated: boolean): Charge {
  return charge(id, { input: tokens, output: tokens, cost: tokens * 3, at: now, estimated })
}

function take(reservations: Reservations, model: Model, told: Told, now: number): void {
  const id = `r${told.id}`
  const settled = model.settled.get(id)
  if (told.do === 'reserve') {
    const names = told.id % 2 === 0 ? 'a' : 'b'
    const estimate = { input: told.tokens, output: told.tokens, cost: told.tokens * 3 }
    reservations.reserve(reservation(id, limits, { model: names, ...estimate }), now)
  } else if (told.do === 'release') {
    reservations.release(id, now)
    model.closed.add(id)
  } else if (told.do === 'repeat') {
    if (settled !== undefined) {
      reservations.settle(settled, now)
    }
  } else {
    const truth = toCharge(id, told.tokens, now, told.do === 'abort')
    reservations.settle(truth, now)
    if (!model.closed.has(id)) {
      model.closed.add(id)
      model.settled.set(id, truth)
    }
  }
}

describe('over any interleaving of reserve, settle, release, abort and restart', () => {
  test('what was settled is what the usage rows and the budget’s spending add up to', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const sql = createSql()
        let reservations = new Reservations(sql)
        let now = noon
        const model: Model = { settled: new Map(), closed: new Set() }
        for (const next of steps) {
          if ('ms' in next) {
            now += next.ms
            // What is kept is in the database; a book that was opened anew must go on where it was.
            reservations = next.do === 'restart' ? new Reservations(sql) : reservations
          } else {
            take(reservations, model, next, now)
          }
        }
        // What was reserved and never settled is booked as lost, without cost here.
        reservations.expire(now)
        reservations.expire(now + longestRequestMs)
        const rows = readUsage(sql, { from: 0, to: 1e9, hoursPerRow: 24 })
        const told = rows.filter(({ provider }) => provider === 'p')
        const truth = [...model.settled.values()]
        const sum = (amounts: number[]) => amounts.reduce((a, b) => a + b, 0)
        expect({
          requests: sum(told.map(({ requests }) => requests)),
          input: sum(told.map(({ input }) => input)),
          output: sum(told.map(({ output }) => output)),
          cost: sum(rows.map(({ cost }) => cost)),
          estimated: sum(told.map(({ estimated }) => estimated)),
        }).toEqual({
          requests: truth.length,
          input: sum(truth.map(({ usage }) => usage.input)),
          output: sum(truth.map(({ usage }) => usage.output)),
          cost: sum(truth.map(({ cost }) => cost)),
          estimated: truth.filter(({ estimated }) => estimated).length,
        })
        const spent = (where: string) =>
          toNumber(sql.all(`SELECT sum(cost) AS cost FROM spend WHERE day ${where}`)[0]?.['cost'])
        expect([spent('= -1'), spent('>= 0')]).toEqual([
          sum(truth.map(({ cost }) => cost)),
          sum(truth.map(({ cost }) => cost)),
        ])
        const [open] = sql.all(`SELECT count(*) AS count FROM reservations WHERE state = 'open'`)
        expect(open).toEqual({ count: 0 })
      }),
      { numRuns: 150 },
    )
  })

  test('no limit of requests or concurrency is ever passed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const sql = createSql()
        const reservations = new Reservations(sql)
        let now = noon
        const model: Model = { settled: new Map(), closed: new Set() }
        for (const next of steps) {
          if ('ms' in next) {
            now += Math.max(0, next.ms)
          } else {
            take(reservations, model, next, now)
          }
          const [open] = sql.all(`SELECT count(*) AS count FROM reservations WHERE state = 'open'`)
          expect(toNumber(open?.['count'])).toBeLessThanOrEqual(limits.concurrency)
          const [spent] = sql.all(`SELECT sum(amount) AS sum FROM slots
            WHERE metric = 'requests' AND scope = 'a'`)
          expect(toNumber(spent?.['sum'])).toBeLessThanOrEqual(9)
        }
      }),
      { numRuns: 100 },
    )
  })
})
