import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import type { TimedLine } from '../../src/live-log/line-batch.ts'
import { LineBatch } from '../../src/live-log/line-batch.ts'

/** An isolate whose lines wait for 100 ms. */
function createIsolate() {
  const batch = new LineBatch(100)
  const sent: number[][] = []
  const pending: Promise<unknown>[] = []
  const send = (lines: readonly TimedLine[]) => sent.push(lines.map(({ at }) => at))
  const add = (at: number) => batch.add({ line: {}, at }, send, (each) => pending.push(each))
  return { sent, pending, add }
}

describe('lines of an isolate', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('are sent together, in their order, and none twice', async () => {
    const { sent, pending, add } = createIsolate()
    add(1)
    await vi.advanceTimersByTimeAsync(99)
    add(2)
    expect(sent).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(sent).toEqual([[1, 2]])
    add(3)
    await vi.advanceTimersByTimeAsync(100)
    expect(sent).toEqual([[1, 2], [3]])
    await Promise.all(pending)
  })

  test('are sent at once when they are fifty', async () => {
    const { sent, add } = createIsolate()
    for (let at = 1; at <= 50; at++) {
      add(at)
    }
    expect(sent).toEqual([Array.from({ length: 50 }, (_, index) => index + 1)])
    await vi.advanceTimersByTimeAsync(100)
    expect(sent).toHaveLength(1)
  })

  test('keep their request running until they are sent', async () => {
    const { sent, pending, add } = createIsolate()
    add(1)
    const ended = Promise.all(pending).then(() => sent.length)
    await vi.advanceTimersByTimeAsync(100)
    expect(await ended).toBe(1)
  })
})
