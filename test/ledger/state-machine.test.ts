/** The ledger as a state machine: any order of what Workers, operators, crashes and clocks may do. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { nanoPerUsd } from '../../src/catalog/price.ts'
import type { KeyLimits } from '../../src/keys/limits.ts'
import type { Charge } from '../../src/ledger/protocol.ts'
import { leaseMs } from '../../src/ledger/protocol.ts'
import { Reservations } from '../../src/ledger/reservations.ts'
import { writePolicy } from '../../src/ledger/storage/policy.ts'
import type { Sql } from '../../src/ledger/storage/sql.ts'
import { toNumber } from '../../src/ledger/storage/sql.ts'
import { readUsage } from '../../src/ledger/usage/read-usage.ts'
import { charge, noon, reservation } from './entries.ts'
import { createSql } from './sqlite.ts'

const budgetUsd = 1e-6

const limits: KeyLimits = {
  rpm: 50,
  itpm: 400,
  otpm: 400,
  concurrency: 6,
  models: { a: { rpm: 9 } },
  budgets: [{ usd: budgetUsd, period: 'day', hard: true }],
}

type Step =
  | {
      do: 'reserve' | 'renew' | 'settle' | 'abort' | 'unsent' | 'repeat'
      id: number
      tokens: number
    }
  | { do: 'operator'; id: number }
  /** `crash`: the object is started anew on its tables. `clock`: forward or back. */
  | { do: 'crash' | 'revoke' | 'rotate' }
  | { do: 'clock'; ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: request() },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('operator' as const), id: fc.nat(11) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('crash', 'revoke', 'rotate') }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('clock' as const),
      ms: fc.constantFrom(1, 500, 30_000, leaseMs, 600_000, -900_000),
    }),
  },
)

function request() {
  return fc.record({
    do: fc.constantFrom(
      ...(['reserve', 'reserve', 'renew', 'settle', 'abort', 'unsent', 'repeat'] as const),
    ),
    id: fc.nat(11),
    tokens: fc.nat(60),
  })
}

/** What the ledger received: for each request, the first settlement is the truth. */
class Machine {
  readonly sql = createSql()
  reservations = new Reservations(this.sql)
  now = noon
  readonly settled = new Map<string, Charge>()
  #version = 0

  take(next: Step): void {
    switch (next.do) {
      case 'crash':
        this.reservations = new Reservations(this.sql)
        break
      case 'revoke':
      case 'rotate':
        this.#version += 1
        writePolicy(this.sql, {
          version: this.#version,
          status: next.do === 'revoke' ? 'revoked' : 'active',
          limits,
        })
        break
      case 'clock':
        this.now += next.ms
        break
      case 'operator':
        this.reservations.release(`r${next.id}`, this.now)
        break
      default:
        this.#request(next.do, `r${next.id}`, next.tokens)
    }
  }

  #request(act: string, id: string, tokens: number): void {
    if (act === 'reserve') {
      const model = tokens % 2 === 0 ? 'a' : 'b'
      const cost = { inputCost: tokens, outputCost: tokens * 2 }
      const asked = reservation(id, limits, { model, input: tokens, output: tokens, ...cost })
      this.reservations.reserve(asked, this.now)
    } else if (act === 'renew') {
      const known = charge(id, { input: tokens, cost: tokens, at: this.now })
      this.reservations.renew(id, this.now, tokens % 3 === 0 ? known : undefined)
    } else if (act === 'repeat') {
      const before = this.settled.get(id)
      if (before !== undefined) {
        this.reservations.settle(before, this.now)
      }
    } else {
      const amounts = act === 'unsent' ? {} : { input: tokens, output: tokens, cost: tokens * 3 }
      const truth = charge(id, {
        ...amounts,
        at: this.now,
        estimated: act === 'abort',
        sent: act !== 'unsent',
      })
      // A Worker that lost its ledger's memory of a request would settle another one under its id.
      const first = this.settled.get(id)
      this.reservations.settle(first ?? truth, this.now)
      this.settled.set(id, first ?? truth)
    }
  }

  /** Everything in flight has ended or run out. */
  finish(): void {
    this.reservations.expire(this.now)
    this.reservations.expire(this.now + leaseMs)
  }
}

const sum = (amounts: number[]) => amounts.reduce((a, b) => a + b, 0)

function spent(sql: Sql): number {
  return toNumber(sql.all(`SELECT sum(cost) AS n FROM spend_by_scope WHERE scope = ''`)[0]?.['n'])
}

function forAll(check: (steps: Step[]) => void, runs = 100): void {
  fc.assert(fc.property(fc.array(step, { maxLength: 50 }), check), { numRuns: runs })
}

describe('in any interleaving of reserve, renew, settle, crash, revoke, rotate and clock jumps', () => {
  test('usage and spend are the sum of all settlements, without loss or double counting', () => {
    forAll((steps) => {
      const machine = new Machine()
      // Settlements are repeated for ten minutes at most; clocks of this test jump further.
      steps
        .filter((next) => next.do !== 'clock' || Math.abs(next.ms) < 600_000)
        .forEach((next) => machine.take(next))
      machine.finish()
      const rows = readUsage(machine.sql, { from: 0, to: 1e9, hoursPerRow: 24 })
      const truth = [...machine.settled.values()]
      const reported = rows.filter(({ provider }) => provider === 'p')
      const estimates = sum(rows.map(({ errorTypes }) => errorTypes['settlement_lost'] ?? 0))
      expect(sum(rows.map(({ requests }) => requests))).toBe(truth.length + estimates)
      expect(sum(reported.map(({ cost }) => cost))).toBeGreaterThanOrEqual(
        sum(truth.map(({ cost }) => cost)),
      )
      if (estimates === 0) {
        expect(sum(rows.map(({ input }) => input))).toBe(sum(truth.map(({ usage }) => usage.input)))
        expect(sum(rows.map(({ cost }) => cost))).toBe(sum(truth.map(({ cost }) => cost)))
        expect(sum(rows.map(({ estimated }) => estimated))).toBe(
          truth.filter(({ estimated }) => estimated).length,
        )
      }
      expect(spent(machine.sql)).toBe(sum(rows.map(({ cost }) => cost)))
    })
  })

  test('no amount is ever negative', () => {
    forAll((steps) => {
      const machine = new Machine()
      for (const next of steps) {
        machine.take(next)
        const rows = readUsage(machine.sql, { from: 0, to: 1e9, hoursPerRow: 24 })
        const amounts = rows.flatMap(({ requests, input, output, cost, errors, estimated }) => [
          requests,
          input,
          output,
          cost,
          errors,
          estimated,
        ])
        expect(Math.min(0, spent(machine.sql), ...amounts)).toBe(0)
      }
    }, 60)
  })

  test('requests per minute, concurrency and hard budgets never exceed their limits', () => {
    forAll((steps) => {
      const machine = new Machine()
      for (const next of steps) {
        // A settlement that is dearer than its reservation, or has none, and a renewal that comes too
        // late may pass any limit; here neither happens.
        if (next.do === 'reserve' || next.do === 'crash') {
          machine.take(next)
        } else if (next.do === 'clock') {
          machine.take({ do: 'clock', ms: Math.abs(next.ms) })
        }
        const open = machine.reservations.open(machine.now)
        expect(open.length).toBeLessThanOrEqual(6)
        const [budget] = machine.reservations.budgets(limits, machine.now)
        const used = (budget?.spent ?? 0) + (budget?.held ?? 0)
        expect(used).toBeLessThanOrEqual(budgetUsd * nanoPerUsd)
        const recent = machine.sql.all(
          `SELECT count(*) AS n FROM requests WHERE model = 'a' AND at > ?`,
          machine.now - 60_000,
        )
        expect(toNumber(recent[0]?.['n'])).toBeLessThanOrEqual(9)
      }
    })
  })

  test('requests in flight block a key no longer than a lease', () => {
    forAll((steps) => {
      const machine = new Machine()
      steps.forEach((next) => machine.take(next))
      const loose: KeyLimits = { concurrency: 1, budgets: [{ usd: 1e6, period: 'day' }] }
      const asked = { ...reservation('last', loose), version: 1e6 }
      writePolicy(machine.sql, { version: 1e5, status: 'active', limits: loose })
      // A clock that was set back is noticed by the first request after it.
      machine.reservations.open(machine.now)
      const { refusal } = machine.reservations.reserve(asked, machine.now + leaseMs)
      expect(refusal).toBeUndefined()
    })
  })

  test('a restarted object decides as its predecessor would have', () => {
    forAll((steps) => {
      const machine = new Machine()
      // Where the clock is set back, a restarted object counts requests again that its predecessor had forgotten
      // as older than a minute.
      steps
        .filter((next) => next.do !== 'clock' || next.ms > 0)
        .forEach((next) => machine.take(next))
      const { now, reservations, sql } = machine
      const again = new Reservations(sql)
      expect(again.open(now)).toEqual(reservations.open(now))
      expect(again.budgets(limits, now)).toEqual(reservations.budgets(limits, now))
      const asked = { ...reservation('last', limits, { input: 5 }), version: 1e6 }
      const decided = again.reserve(asked, now)
      again.settle(charge('last', { sent: false }), now)
      expect(decided).toEqual(reservations.reserve({ ...asked, id: 'another' }, now))
    }, 60)
  })
})
