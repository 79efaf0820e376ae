import { env, runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'

import type { KeyLimits } from '../../../src/keys/limits.ts'
import { Reservations } from '../../../src/ledger/reservations.ts'
import type { Sql, SqlRow } from '../../../src/ledger/storage/sql.ts'
import { charge, reservation } from '../../ledger/entries.ts'

/** Rows that the second request of an hour writes, as Cloudflare counts them. */
async function rowsOfRequest(limits: KeyLimits, ofKey: object): Promise<number> {
  const ledger = env.LEDGER.getByName(crypto.randomUUID())
  return runInDurableObject(ledger, (_, { storage }) => {
    let written = 0
    const sql: Sql = {
      all(statement, ...values) {
        const cursor = storage.sql.exec<SqlRow>(statement, ...values)
        const rows = cursor.toArray()
        written += cursor.rowsWritten
        return rows
      },
      atomically: (work) => storage.transactionSync(work),
    }
    const reservations = new Reservations(sql)
    const now = Date.now()
    const one = (id: string): void => {
      written = 0
      reservations.reserve(reservation(id, limits, { input: 9, inputCost: 9 }), now)
      reservations.settle(charge(id, { at: now, cost: 5, ...ofKey }), now)
    }
    one('first')
    one('second')
    return written
  })
}

const budgets = [{ usd: 5, period: 'day' as const }]

test('a request of a key with limits writes at most 6 rows, and at most 4 more for its group', async () => {
  const ofKey = { session: 's', agent: 'a', lastFour: 'wxyz', group: 'g' }
  expect(await rowsOfRequest({ rpm: 9, budgets }, ofKey)).toBeLessThanOrEqual(6)
  expect(await rowsOfRequest({ rpm: 9, budgets }, {})).toBeLessThanOrEqual(4)
})
