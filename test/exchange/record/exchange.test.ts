import { describe, expect, test } from 'vitest'

import { Exchange } from '../../../src/exchange/record/exchange.ts'

const disconnected = {
  state: 'disconnected',
  delivered: { usage: undefined, characters: 0, countedCharacters: 0 },
} as const

describe('an exchange', () => {
  test('an exchange without a target is recorded as soon as its response is created', async () => {
    const exchange = new Exchange('req_1', () => 0)
    let recorded = 0
    exchange.whenFinished(() => (recorded += 1))
    expect(recorded).toBe(1)
    await exchange.over
  })

  test('an exchange is recorded in the event loop turn in which its answer ends', async () => {
    const exchange = new Exchange('req_1', () => 0)
    exchange.answering()
    let recorded = 0
    exchange.whenFinished(() => (recorded += 1))
    expect(recorded).toBe(0)
    exchange.finished(disconnected)
    expect(recorded).toBe(1)
    expect(exchange.record.outcome).toBe(disconnected)
    await exchange.over
  })

  test('an exchange whose answer ends before the response is created waits for the response', () => {
    const exchange = new Exchange('req_1', () => 0)
    exchange.answering()
    exchange.finished(disconnected)
    let recorded = 0
    exchange.whenFinished(() => (recorded += 1))
    expect(recorded).toBe(1)
  })

  test('an exchange times each attempt, and sums the time spent waiting for upstreams', () => {
    let now = 100
    const exchange = new Exchange('req_1', () => now)
    exchange.answering()
    exchange.attemptStarted('p/x')
    now += 30
    exchange.attemptEnded()
    exchange.attemptFailed('api_error')
    now += 1
    exchange.attemptStarted('q/x')
    now += 20
    exchange.attemptEnded()
    exchange.headersReady()
    expect(exchange.record).toMatchObject({
      startedAt: 100,
      attempts: [
        { target: 'p/x', failed: 'api_error', ms: 30 },
        { target: 'q/x', failed: undefined, ms: 20 },
      ],
      upstreamMs: 50,
      headersMs: 51,
    })
  })
})
