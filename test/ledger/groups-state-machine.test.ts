/** Keys of one group: any order of requests, settlements, crashes, corrections and clocks. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { nanoPerUsd } from '../../src/catalog/price.ts'
import type { KeyLimits } from '../../src/keys/limits.ts'
import { leaseMs } from '../../src/ledger/protocol.ts'
import { Reservations } from '../../src/ledger/reservations.ts'
import type { Sql } from '../../src/ledger/storage/sql.ts'
import { toNumber } from '../../src/ledger/storage/sql.ts'
import { readUsage } from '../../src/ledger/usage/read-usage.ts'
import { charge, noon, reservation } from './entries.ts'
import { createSql } from './sqlite.ts'

const keyLimits: KeyLimits = { concurrency: 2, rpm: 6 }

const groupLimits: KeyLimits = {
  concurrency: 3,
  rpm: 8,
  budgets: [{ usd: 1e-6, period: 'day', hard: true }],
}

type Step =
  | { do: 'request' | 'settle' | 'unsent' | 'dies'; key: number; id: number; tokens: number }
  | { do: 'crash' }
  | { do: 'clock'; ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      // `dies`: the Worker is killed between the two reservations.
      do: fc.constantFrom(...(['request', 'request', 'settle', 'unsent', 'dies'] as const)),
      key: fc.nat(1),
      id: fc.nat(9),
      tokens: fc.nat(60),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'crash' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('clock' as const),
      ms: fc.constantFrom(1, 500, 30_000, leaseMs),
    }),
  },
)

class Ledger {
  readonly sql = createSql()
  reservations = new Reservations(this.sql)

  get spent(): number {
    const [row] = this.sql.all(`SELECT sum(cost) AS n FROM spend_by_scope WHERE scope = ''`)
    return toNumber(row?.['n'])
  }

  restart(): void {
    this.reservations = new Reservations(this.sql)
  }
}

class Machine {
  readonly keys = [new Ledger(), new Ledger()] as const
  readonly group = new Ledger()
  now = noon
  /** Requests that both ledgers have admitted, and those that were settled. */
  readonly admitted = new Set<string>()
  readonly settled = new Set<string>()
  /** Requests whose Worker was killed between the reservations. */
  readonly dead = new Set<string>()

  take(next: Step): void {
    switch (next.do) {
      case 'crash':
        ;[...this.keys, this.group].forEach((ledger) => ledger.restart())
        break
      case 'clock':
        this.now += next.ms
        break
      case 'request':
      case 'dies':
        this.#request(next)
        break
      case 'settle':
      case 'unsent':
        this.#settle(next)
    }
  }

  /** As src/exchange/metering/admit.ts: the key's ledger first, and its reservation is taken back if the group refuses. */
  #request({ do: act, key, id: number, tokens }: Extract<Step, { key: number }>): void {
    const id = `${key}-${number}`
    const own = this.keys[key === 0 ? 0 : 1]
    if (this.admitted.has(id) || this.settled.has(id) || this.dead.has(id)) {
      return
    }
    const cost = { input: tokens, output: tokens, inputCost: tokens, outputCost: tokens * 2 }
    const asked = reservation(id, keyLimits, cost)
    if (own.reservations.reserve(asked, this.now).refusal !== undefined) {
      return
    }
    if (act === 'dies') {
      this.dead.add(id)
      return
    }
    const ofGroup = { ...asked, limits: groupLimits }
    if (this.group.reservations.reserve(ofGroup, this.now).refusal !== undefined) {
      own.reservations.cancel(id, this.now)
      return
    }
    this.admitted.add(id)
  }

  #settle({ do: act, key, id: number, tokens }: Extract<Step, { key: number }>): void {
    const id = `${key}-${number}`
    if (this.admitted.has(id) && !this.settled.has(id)) {
      const amounts = act === 'unsent' ? { sent: false } : { input: tokens, cost: tokens }
      const truth = charge(id, { ...amounts, at: this.now })
      this.keys[key === 0 ? 0 : 1].reservations.settle(truth, this.now)
      this.group.reservations.settle(truth, this.now)
      this.settled.add(id)
    }
  }

  finish(): void {
    for (const { reservations } of [...this.keys, this.group]) {
      reservations.expire(this.now + leaseMs)
    }
  }
}

function requestsOf(sql: Sql): number {
  const rows = readUsage(sql, { from: 0, to: 1e9, hoursPerRow: 24 })
  return rows.reduce((sum, { requests }) => sum + requests, 0)
}

function forAll(check: (steps: Step[]) => void): void {
  fc.assert(fc.property(fc.array(step, { maxLength: 50 }), check), { numRuns: 80 })
}

describe('in any interleaving of the requests of two keys of a group', () => {
  test('neither the keys’ limits nor the group’s are passed, whichever is tighter', () => {
    forAll((steps) => {
      const machine = new Machine()
      for (const next of steps) {
        machine.take(next)
        const { group, keys, now } = machine
        expect(group.reservations.open(now).length).toBeLessThanOrEqual(3)
        for (const { reservations } of keys) {
          expect(reservations.open(now).length).toBeLessThanOrEqual(2)
        }
        const [budget] = group.reservations.budgets(groupLimits, now)
        const held = budget?.held ?? 0
        expect(held === 0 ? 0 : (budget?.spent ?? 0) + held).toBeLessThanOrEqual(
          1e-6 * nanoPerUsd + 60,
        )
      }
    })
  })

  test('the group has spent what its keys have spent, but for requests that died between the two', () => {
    forAll((steps) => {
      const machine = new Machine()
      steps.forEach((next) => machine.take(next))
      machine.finish()
      const ofKeys = machine.keys.reduce((sum, { spent }) => sum + spent, 0)
      const requests = machine.keys.reduce((sum, { sql }) => sum + requestsOf(sql), 0)
      expect(requests - requestsOf(machine.group.sql)).toBe(machine.dead.size)
      if (machine.dead.size === 0) {
        expect(machine.group.spent).toBe(ofKeys)
      }
      expect(machine.group.spent).toBeLessThanOrEqual(ofKeys)
    })
  })

  test('a request that one of them refuses leaves nothing behind in the other', () => {
    forAll((steps) => {
      const machine = new Machine()
      steps.forEach((next) => machine.take(next))
      machine.finish()
      const requests = machine.keys.reduce((sum, { sql }) => sum + requestsOf(sql), 0)
      expect(requests).toBe(machine.admitted.size + machine.dead.size)
      for (const { reservations } of [...machine.keys, machine.group]) {
        expect(reservations.open(machine.now + leaseMs)).toEqual([])
      }
    })
  })
})
