import { describe, expect, test } from 'vitest'

import { LineTable } from '../../src/live-log/line-table.ts'
import { keptLines } from '../../src/live-log/line.ts'
import { measureTargets } from '../../src/live-log/target-health.ts'
import { createSql } from '../ledger/sqlite.ts'

const all = { after: undefined, key: undefined, status: undefined, text: undefined }

function toLine(fields: object): { at: number; text: string } {
  const line = { requestId: 'req_1', keyId: 'k1', status: 200, ms: 5, ...fields }
  return { at: 1_000_000, text: JSON.stringify(line) }
}

describe('the live log', () => {
  test('the live log keeps the latest lines', () => {
    const table = new LineTable(createSql())
    for (let batch = 0; batch < 3; batch += 1) {
      expect(table.append(Array.from({ length: 1000 }, () => toLine({})))).toBe(batch * 1000)
    }
    const lines = table.list(all, 5000)
    expect(lines).toHaveLength(keptLines)
    expect([lines[0]?.id, lines.at(-1)?.id]).toEqual([3000, 1001])
  })

  test('the live log filters by key, status, text and the last line that was seen', () => {
    const table = new LineTable(createSql())
    table.append([
      toLine({ 'gen_ai.request.model': 'Sonnet' }),
      toLine({ status: 429 }),
      toLine({ keyId: 'k2', target: 'chat/up' }),
    ])
    const ids = (filter: object) => table.list({ ...all, ...filter }, 10).map(({ id }) => id)
    expect(ids({})).toEqual([3, 2, 1])
    expect(ids({ key: 'k1' })).toEqual([2, 1])
    expect(ids({ status: 'error' })).toEqual([2])
    expect(ids({ status: 'ok' })).toEqual([3, 1])
    expect(ids({ status: '429' })).toEqual([2])
    expect(ids({ text: 'sonnet' })).toEqual([1])
    expect(ids({ after: 2 })).toEqual([3])
  })
})

test('the health of targets is measured from attempts', () => {
  const now = 10_000_000
  const at = (minutes: number, attempts: object[]) => ({
    id: 1,
    at: now - minutes * 60_000,
    line: { requestId: 'r', status: 200, ms: 1, attempts: attempts as [] },
  })
  const health = measureTargets(
    [
      at(1, [
        { target: 'a/x', failed: 'overloaded_error', ms: 900 },
        { target: 'b/y', ms: 40 },
      ]),
      at(2, [{ target: 'a/x', ms: 100 }]),
      at(9, [{ target: 'a/x', ms: 300 }]),
    ],
    now,
  )
  expect(health.get('a/x')).toEqual({
    last_success_at: new Date(now - 120_000).toISOString(),
    attempts_5m: 2,
    failed_5m: 1,
    p50_ms: 300,
    p95_ms: 300,
  })
  expect(health.get('b/y')).toMatchObject({ attempts_5m: 1, failed_5m: 0, p50_ms: 40 })
})
