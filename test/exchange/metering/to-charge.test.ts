import { describe, expect, test } from 'vitest'

import { toCharge } from '../../../src/exchange/metering/to-charge.ts'
import { admissionOf, recordOf, usage } from '../record/record.ts'

const none = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, thinking: 0 }

describe('the charge of an exchange', () => {
  test('is what the upstream reported where the answer is complete', () => {
    const outcome = {
      state: 'complete',
      delivered: { usage, characters: 999 },
      stopReason: 'end_turn',
    } as const
    const adaptations = [{ field: 'top_k', action: 'drop' }] as const
    const admission = admissionOf({ session: 's', agent: 'a' })
    expect(toCharge(recordOf({ outcome, adaptations, admission }), 200)).toEqual({
      used: {
        id: 'req_1',
        kind: 'messages',
        at: 1_000,
        model: 'm',
        provider: 'p',
        usage,
        // (10 + 3 + 2) x 1 + 5 x 10 micro-dollars.
        cost: 65_000,
        estimated: false,
        adaptations: 1,
        lastFour: 'wxyz',
        session: 's',
        agent: 'a',
      },
    })
  })

  test('is estimated from what was delivered where a complete answer has no usage', () => {
    const delivered = { usage: undefined, characters: 41 }
    const outcome = { state: 'complete', delivered, stopReason: undefined } as const
    expect(toCharge(recordOf({ outcome }), 200)).toMatchObject({
      used: { usage: { ...none, input: 100, output: 11 }, estimated: true, cost: 210_000 },
    })
  })

  test('of a truncated answer is at least what was delivered', () => {
    const failure = { kind: 'upstream_truncated', provider: 'p' } as const
    const outcome = {
      state: 'failed',
      delivered: { usage, characters: 400 },
      failure,
      bug: undefined,
    } as const
    expect(toCharge(recordOf({ outcome }), 200)).toMatchObject({
      used: { usage: { ...usage, output: 100 }, estimated: true, error: 'api_error' },
    })
  })

  test('of a failure before content is nothing, and releases the reservation', () => {
    const failure = { kind: 'upstream_unreachable', provider: 'p' } as const
    const delivered = { usage: undefined, characters: 0 }
    const outcome = { state: 'failed', delivered, failure, bug: undefined } as const
    expect(toCharge(recordOf({ outcome }), 502)).toMatchObject({
      unused: { usage: none, cost: 0, estimated: false, error: 'api_error' },
    })
  })

  test('of a client that disconnected before content is the request, once a target was asked', () => {
    const outcome = {
      state: 'disconnected',
      delivered: { usage: undefined, characters: 0 },
    } as const
    expect(toCharge(recordOf({ outcome }), 200)).toMatchObject({
      used: { usage: { ...none, input: 100 }, estimated: true, error: 'client_left' },
    })
    expect(toCharge(recordOf({ outcome, target: undefined }), 200)).toMatchObject({
      unused: { usage: none, error: 'client_left' },
    })
  })

  test('of a request that was admitted and then refused is nothing', () => {
    const failure = { kind: 'invalid_request', message: 'no' } as const
    expect(toCharge(recordOf({ failure }), 400)).toMatchObject({
      unused: { cost: 0, error: 'invalid_request_error' },
    })
  })

  test('of an error response that no failure stands for names its status', () => {
    expect(toCharge(recordOf(), 418)).toMatchObject({ unused: { error: 'status_418' } })
  })

  test('of a count is free', () => {
    const admission = admissionOf({ kind: 'count_tokens' })
    expect(toCharge(recordOf({ admission }), 200)).toMatchObject({
      used: { kind: 'count_tokens', usage: none, cost: 0, estimated: false },
    })
  })

  test('does not exist for a request that was not admitted', () => {
    expect(toCharge(recordOf({ admission: undefined }), 429)).toBeUndefined()
  })
})
