import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { BatchRecord } from '../../src/batches/batch-record.ts'
import { openNodeSql } from '../../src/cli/platform/node-sql.ts'
import type { KeyRecord } from '../../src/keys/record.ts'

const dayMs = 86_400_000

interface Run {
  slice: number
  token: number
  /** The item that it settles. */
  index: number
  output: number
}

/** A batch with slices of so many items, created at 0. */
function createBatch(...sizes: number[]): BatchRecord {
  const record = new BatchRecord(openNodeSql(':memory:').sql)
  const key: KeyRecord = {
    id: 'k',
    name: 'k',
    created_at: '2026-01-01T00:00:00Z',
    expires_at: null,
    status: 'active',
    models: ['*'],
    scopes: [],
    limits: {},
    metadata: {},
  }
  const slices = sizes.map((size, n) => ({
    ids: Array.from({ length: size }, (_, index) => `${n}-${index}`),
  }))
  const times = { createdAt: 0, expiresAt: dayMs, archivedAt: 29 * dayMs }
  record.create({ id: 'b', key, url: 'http://g/', headers: {}, slices, ...times })
  return record
}

describe('a batch', () => {
  test('a batch dispatches no more slices than may run at once', () => {
    const record = createBatch(1, 1, 1, 1)
    expect(record.dispatch({ most: 3, count: 1 }, 1)).toEqual([0])
    expect(record.dispatch({ most: 3 }, 1)).toEqual([1, 2])
    expect(record.dispatch({ most: 3 }, 1)).toEqual([])
  })

  test('a batch has one outcome per item, whichever runs claim, die, come late or repeat', () => {
    const step = fc.record({
      slice: fc.nat(1),
      act: fc.constantFrom('claim', 'commit', 'release', 'wait'),
      run: fc.nat(5),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const record = createBatch(3, 2)
        const runs: Run[] = []
        let now = 1
        const acts: Record<string, (slice: number, known: Run | undefined) => void> = {
          claim(slice) {
            const claim = record.claim(slice, now)
            if (claim !== undefined) {
              runs.push({ slice, token: claim.token, index: claim.done.indexOf('.'), output: 0 })
            }
          },
          commit(_, known) {
            if (known !== undefined && known.index >= 0) {
              known.output += 1
              record.commit({ ...known, settled: [[known.index, 's']], pauses: {} }, now)
            }
          },
          release(_, known) {
            if (known !== undefined) {
              record.release(known, { retryAt: undefined, hasProgress: false })
            }
          },
          wait() {
            now += 100_000
          },
        }
        for (const { slice, act, run } of steps) {
          acts[act]?.(slice, runs[run % Math.max(1, runs.length)])
        }
        for (const { outputs, unsettled } of record.results()) {
          // One object a run, and none of a run that was overtaken.
          const byRun = outputs.map((name) => name.split('.').slice(0, 2).join('.'))
          expect(new Set(byRun).size).toBe(outputs.length)
          expect(new Set(unsettled).size).toBe(unsettled.length)
        }
        const { processing, succeeded } = record.state()?.counts ?? {}
        expect((processing ?? 0) + (succeeded ?? 0)).toBe(5)
      }),
      { numRuns: 200 },
    )
  })

  test('a batch expires when its day is over, as soon as no run is left', () => {
    const record = createBatch(2)
    const claim = record.claim(0, dayMs - 1)
    record.settle(dayMs)
    expect(record.state()?.status).toBe('in_progress')
    expect(
      record.commit(
        { slice: 0, token: claim?.token ?? 0, output: 1, settled: [[0, 's']], pauses: {} },
        dayMs,
      ),
    ).toBe('canceling')
    record.release(
      { slice: 0, token: claim?.token ?? 0 },
      { retryAt: undefined, hasProgress: true },
    )
    record.settle(dayMs)
    expect(record.state()).toMatchObject({ status: 'ended', counts: { succeeded: 1, expired: 1 } })
  })
})
