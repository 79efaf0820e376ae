import { describe, expect, test } from 'vitest'

import type { Delivered } from '../../../src/anthropic/answer/answer-status.ts'
import type { ReportedUsage } from '../../../src/anthropic/answer/part.ts'
import type { Failure } from '../../../src/anthropic/error.ts'
import { findImplausible } from '../../../src/exchange/metering/plausible-usage.ts'
import { toCharge, toChargeSoFar } from '../../../src/exchange/metering/to-charge.ts'
import { admissionOf, deliveredOf, recordOf, targetOf, usage } from '../record/record.ts'

const none = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, thinking: 0 }

const end = { status: 200, ms: 900 }

const truncated = { kind: 'upstream_truncated', provider: 'p' } as const

function completeWith(reported: ReportedUsage) {
  const delivered = deliveredOf({ usage: reported, characters: 20, countedCharacters: 20 })
  return recordOf({ outcome: { state: 'complete', delivered, stopReason: 'end_turn' } })
}

describe('the charge of an exchange', () => {
  test('the charge of an exchange is the usage that the upstream reported for a complete answer', () => {
    const adaptations = [{ field: 'top_k', action: 'drop' }] as const
    const admission = admissionOf({ session: 's', agent: 'a' })
    const record = { ...completeWith(usage), adaptations, admission }
    expect(toCharge(record, end)).toEqual({
      id: 'req_1',
      kind: 'messages',
      at: 1_000,
      model: 'm',
      provider: 'p',
      sent: true,
      usage,
      // (10 + 3 + 2) x 1 + 5 x 10 micro-dollars.
      cost: 65_000,
      estimated: false,
      adaptations: 1,
      lastFour: 'wxyz',
      group: '',
      session: 's',
      agent: 'a',
    })
  })

  test('the charge of an exchange uses the price of the target that answered, if it has its own', () => {
    const target = targetOf({ price: { input: 2, output: 20 } })
    expect(toCharge({ ...completeWith(usage), target }, end)?.cost).toBe(130_000)
  })

  test('the charge of an exchange is nothing where the model that answered has no price, whatever the requested one costs', () => {
    const target = targetOf({ price: undefined })
    expect(toCharge({ ...completeWith(usage), target }, end)?.cost).toBe(0)
  })

  test('the charge of an exchange has the price of each model that used a part, or of the requested one where that is unknown', () => {
    const part = { input: 4, output: 2, cacheRead: 0, cacheWrite: 0, thinking: 0 }
    const otherModels = [
      { model: 'dear', usage: part },
      { model: 'unknown', usage: part },
    ]
    const admission = admissionOf({
      priceOf: (model) => (model === 'dear' ? { input: 100, output: 1000 } : undefined),
    })
    const record = { ...completeWith({ ...usage, otherModels }), admission }
    // 65,000 for all at the requested model's price, and 99 times that of the part.
    expect(toCharge(record, end)).toMatchObject({ usage, cost: 65_000 + 99 * 24_000 })
  })

  test('the charge of an exchange is estimated from the delivered text if a complete answer has no usage', () => {
    const delivered = deliveredOf({ characters: 41 })
    const outcome = { state: 'complete', delivered, stopReason: undefined } as const
    expect(toCharge(recordOf({ outcome }), end)).toMatchObject({
      usage: { ...none, input: 100, output: 11 },
      estimated: true,
      cost: 210_000,
    })
  })

  test('the charge of an exchange of a truncated answer covers at least what was delivered', () => {
    const delivered = deliveredOf({ usage, characters: 400 })
    const outcome = { state: 'failed', delivered, failure: truncated, bug: undefined } as const
    expect(toCharge(recordOf({ outcome }), end)).toMatchObject({
      usage: { ...usage, output: 100 },
      estimated: true,
      error: 'api_error',
    })
  })

  test('the charge of an exchange of a failure without content is the usage that the upstream had reported', () => {
    const delivered = deliveredOf({ usage: { ...none, input: 3000 } })
    const outcome = { state: 'failed', delivered, failure: truncated, bug: undefined } as const
    expect(toCharge(recordOf({ outcome }), end)).toMatchObject({
      usage: { ...none, input: 3000 },
      cost: 3_000_000,
    })
  })

  test('the charge of an exchange of a failure without content or usage has no tokens, and counts as a request', () => {
    const failure = { kind: 'upstream_unreachable', provider: 'p' } as const
    const delivered = deliveredOf({ characters: 0 })
    const outcome = { state: 'failed', delivered, failure, bug: undefined } as const
    expect(toCharge(recordOf({ outcome }), { ...end, status: 502 })).toMatchObject({
      sent: true,
      usage: none,
      cost: 0,
      estimated: false,
      error: 'api_error',
    })
  })

  test('the charge of an exchange of a request that the gateway rejected after admission counts as not sent', () => {
    const failure = { kind: 'invalid_request', message: 'no' } as const
    const record = recordOf({ failure, attempts: undefined })
    expect(toCharge(record, { ...end, status: 400 })).toMatchObject({
      sent: false,
      cost: 0,
      error: 'invalid_request_error',
    })
  })

  test('the charge of an exchange of an error response without a failure has its status', () => {
    expect(toCharge(recordOf(), { ...end, status: 418 })).toMatchObject({ error: 'status_418' })
  })

  test('the charge of an exchange of a token count is free', () => {
    const admission = admissionOf({ kind: 'count_tokens' })
    expect(toCharge(recordOf({ admission }), end)).toMatchObject({
      kind: 'count_tokens',
      usage: none,
      cost: 0,
      estimated: false,
    })
  })

  test('the charge of an exchange does not exist for a request that was not admitted', () => {
    expect(toCharge(recordOf({ admission: undefined }), end)).toBeUndefined()
  })

  test.each([
    ['negative', { ...usage, input: -1 }],
    ['a fraction', { ...usage, input: 0.5 }],
    ['larger than an integer can be', { ...usage, input: 2 ** 60 }],
    ['a thousand times what was sent', { ...usage, cacheRead: 100_000_000 }],
    ['of an empty prompt', { ...usage, input: 0, cacheRead: 0, cacheWrite: 0 }],
    ['missing', { ...usage, input: undefined, cacheRead: 0, cacheWrite: 0 }],
  ])(
    'the charge of an exchange has an estimated prompt if the reported count is %s',
    (_, reported) => {
      expect(toCharge(completeWith(reported), end)).toMatchObject({
        usage: { input: 100, cacheRead: 0, cacheWrite: 0, output: 5, thinking: 1 },
        estimated: true,
      })
    },
  )

  test.each([
    ['negative', { ...usage, output: -1 }],
    ['a fraction', { ...usage, output: 0.5 }],
    ['larger than an integer can be', { ...usage, output: 2 ** 60 }],
    ['a thousand times max_tokens', { ...usage, output: 5_000_000 }],
    ['missing', { ...usage, output: undefined }],
  ])(
    'the charge of an exchange has an estimated output where its reported count is %s',
    (_, reported) => {
      expect(toCharge(completeWith(reported), end)).toMatchObject({
        usage: { input: 10, cacheRead: 3, cacheWrite: 2, output: 5, thinking: 0 },
        estimated: true,
      })
    },
  )

  test('the charge of an exchange leaves out an impossible number of web searches', () => {
    const searches = (webSearches: number) =>
      toCharge(completeWith({ ...usage, webSearches }), end)?.usage.webSearches
    expect([3, -1, 1e9].map(searches)).toEqual([3, 0, 0])
  })

  test('the charge of an exchange is multiplied by the terms that the upstream billed, or else by the requested ones', () => {
    const price = { input: 1, output: 10, multipliers: { speed: { fast: 6 } } }
    const asked = {
      target: targetOf({ price }),
      admission: admissionOf({ price, terms: { speed: 'fast' } }),
    }
    const cost = (reported: ReportedUsage | undefined) => {
      const delivered = deliveredOf({ usage: reported, characters: 20, countedCharacters: 20 })
      const outcome = { state: 'complete', delivered, stopReason: undefined } as const
      return toCharge(recordOf({ outcome, ...asked }), end)?.cost
    }
    expect(cost({ ...usage, terms: { speed: 'standard' } })).toBe(65_000)
    expect(cost({ ...usage, terms: { speed: 'fast' } })).toBe(390_000)
    // 100 x 1 + 5 x 10 micro-dollars.
    expect(cost(undefined)).toBe(900_000)
  })
})

describe('the charge of an answer that was truncated', () => {
  const failed = (delivered: Delivered, failure: Failure = truncated) =>
    recordOf({ outcome: { state: 'failed', delivered, failure, bug: undefined } })

  test('the charge of an answer that was truncated is what the upstream had counted, and an estimate of what came after its report', () => {
    const reported = { ...usage, output: 50 }
    const delivered = deliveredOf({ usage: reported, characters: 240, countedCharacters: 200 })
    expect(toCharge(failed(delivered), end)).toMatchObject({
      usage: { ...usage, output: 60 },
      estimated: true,
    })
  })

  test('the charge of an answer that was truncated includes the time of hidden reasoning if the upstream was truncated before content', () => {
    const silent = { ...failed(deliveredOf()), contentMs: undefined }
    expect(toCharge(silent, { status: 502, ms: 3000 })).toMatchObject({
      usage: { input: 100, output: 100 },
      estimated: true,
    })
    const refused = failed(deliveredOf(), { kind: 'upstream_unreachable', provider: 'p' })
    expect(toCharge(refused, { status: 502, ms: 3000 })).toMatchObject({ usage: none })
  })

  test('the charge of an answer that was truncated includes the attempts before it, each at the price of its target', () => {
    const earlierBodies = [
      {
        delivered: deliveredOf({ usage: { ...none, input: 3000 } }),
        price: { input: 2, output: 4 },
        isComplete: false,
      },
      { delivered: deliveredOf(), price: undefined, isComplete: false },
    ]
    expect(toCharge({ ...completeWith(usage), earlierBodies }, end)).toMatchObject({
      usage: { input: 3010, output: 5, cacheRead: 3, cacheWrite: 2 },
      cost: 6_000_000 + 65_000,
      estimated: true,
    })
  })
})

test('a count that cannot be is found for the log', () => {
  const absurd = { ...usage, output: 3e18 }
  expect(findImplausible(completeWith(absurd))).toBe(absurd)
  expect(findImplausible(completeWith({ ...usage, input: -4 }))).toMatchObject({ input: -4 })
  expect(findImplausible(completeWith({ ...usage, input: undefined }))).toBeUndefined()
  expect(findImplausible(completeWith(usage))).toBeUndefined()
})

describe('the charge of an exchange whose client disconnected', () => {
  const outcome = { state: 'disconnected', delivered: deliveredOf() } as const

  test('the charge of an exchange whose client disconnected is the prompt once a request was sent, and nothing before', () => {
    expect(toCharge(recordOf({ outcome }), end)).toMatchObject({
      usage: { ...none, input: 100 },
      estimated: true,
      error: 'client_left',
    })
    expect(toCharge(recordOf({ outcome, attempts: [] }), end)).toMatchObject({
      sent: false,
      usage: none,
    })
  })

  test('the charge of an exchange whose client disconnected has the cached tokens of the conversation’s last turn as cache reads', () => {
    expect(
      toCharge(recordOf({ outcome, admission: admissionOf({ cachedShare: 0.9 }) }), end),
    ).toMatchObject({
      usage: { ...none, input: 10, cacheRead: 90 },
    })
    expect(
      toCharge(recordOf({ outcome, admission: admissionOf({ cachedShare: 1 }) }), end),
    ).toMatchObject({
      usage: { ...none, input: 0, cacheRead: 100 },
    })
  })

  test('the charge of an exchange whose client disconnected of a non-streaming answer is at least the expected output, since upstreams finish those', () => {
    const record = recordOf({ outcome, stream: false })
    expect(toCharge(record, end)).toMatchObject({ usage: { output: 1000 } })
    const small = { ...record, admission: admissionOf({ maxTokens: 20 }) }
    expect(toCharge(small, end)).toMatchObject({ usage: { output: 20 } })
  })

  test('the charge of an exchange whose client disconnected of a stream without content grows with its duration, up to max_tokens', () => {
    const record = recordOf({ outcome, contentMs: undefined })
    const outputAfter = (ms: number) => toCharge(record, { ...end, ms })?.usage.output
    expect([900, 3000, 3_600_000].map(outputAfter)).toEqual([0, 100, 4096])
    expect(toChargeSoFar({ ...record, outcome: undefined }, deliveredOf(), 3000)).toMatchObject({
      usage: { input: 100, output: 100 },
    })
  })
})
