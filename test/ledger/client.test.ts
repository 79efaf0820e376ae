import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import type { LedgerNamespace } from '../../src/ledger/client.ts'
import { requestReservation, sendSettlement } from '../../src/ledger/client.ts'
import { charge, reservation } from './entries.ts'

/** Ledgers that answer so. */
function ledgers(methods: object): LedgerNamespace {
  return { getByName: () => methods } as unknown as LedgerNamespace
}

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

describe('the ledger client', () => {
  test('the ledger client waits for at most three seconds', async () => {
    const silent = ledgers({ reserve: () => new Promise(() => {}) })
    const asked = requestReservation(silent, 'k', reservation('r', {}))
    await vi.advanceTimersByTimeAsync(3000)
    expect(await asked).toEqual({ unavailable: 'no response within 3000 ms' })
  })

  test('the ledger client reports why the ledger failed', async () => {
    const broken = ledgers({ reserve: () => Promise.reject(new Error('overloaded')) })
    expect(await requestReservation(broken, 'k', reservation('r', {}))).toEqual({
      unavailable: 'overloaded',
    })
  })

  test('the ledger client retries a settlement at most three times', async () => {
    const settle = vi.fn<() => Promise<void>>().mockRejectedValue(new Error('gone'))
    const sent = sendSettlement(ledgers({ settle }), 'k', { charge: charge('r'), watch: undefined })
    await vi.runAllTimersAsync()
    expect(await sent).toBe('gone')
    expect(settle).toHaveBeenCalledTimes(4)
  })

  test('the ledger client does not retry a settlement that has succeeded', async () => {
    const settle = vi.fn<() => Promise<void>>().mockRejectedValueOnce(new Error('gone'))
    const sent = sendSettlement(ledgers({ settle }), 'k', { charge: charge('r'), watch: undefined })
    await vi.runAllTimersAsync()
    expect(await sent).toBeUndefined()
    expect(settle).toHaveBeenCalledTimes(2)
  })
})
