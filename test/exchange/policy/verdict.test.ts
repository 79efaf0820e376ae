import { describe, expect, test } from 'vitest'

import type { ErrorType, Failure } from '../../../src/anthropic/error.ts'
import type { FailureVerdict } from '../../../src/exchange/policy/verdict.ts'
import { judge } from '../../../src/exchange/policy/verdict.ts'

const provider = 'p'
const upstream = (type: ErrorType, more: object = {}): Failure => ({
  kind: 'upstream_error',
  provider,
  status: 500,
  type,
  message: 'said',
  ...more,
})

const requestFault: FailureVerdict = { retry: 'none', fault: 'target', health: 'none' }
const targetFault: FailureVerdict = { retry: 'other_target', fault: 'target', health: 'strike' }
const credentialFault: FailureVerdict = {
  retry: 'other_target',
  fault: 'secret',
  health: 'cooldown',
  cooldownMs: 60_000,
}

describe('the verdict of a failure', () => {
  test.each<[string, Failure, FailureVerdict]>([
    [
      'a connection that fails',
      { kind: 'upstream_unreachable', provider },
      { ...targetFault, retryAfterMs: 0 },
    ],
    [
      'a truncated answer',
      { kind: 'upstream_truncated', provider },
      { ...targetFault, retryAfterMs: 0 },
    ],
    ['a timeout', { kind: 'upstream_timeout', provider, afterMs: 1 }, targetFault],
    ['nonsense', { kind: 'upstream_invalid_response', provider, detail: 'x' }, targetFault],
    [
      'a missing secret',
      { kind: 'misconfigured', message: 'x' },
      { retry: 'other_target', fault: 'secret', health: 'none' },
    ],
    ['an invalid request', { kind: 'invalid_request', message: 'x' }, requestFault],
    ['a bug', { kind: 'internal' }, requestFault],
    [
      'a rate limit without a time',
      upstream('rate_limit_error'),
      { retry: 'other_target', fault: 'secret', health: 'cooldown', cooldownMs: 10_000 },
    ],
    [
      'a rate limit with a short time',
      upstream('rate_limit_error', { retryAfter: 2 }),
      {
        retry: 'other_target',
        fault: 'secret',
        health: 'cooldown',
        cooldownMs: 2000,
        retryAfterMs: 2000,
      },
    ],
    [
      'a rate limit with a long time',
      upstream('rate_limit_error', { retryAfter: 3 }),
      { retry: 'other_target', fault: 'secret', health: 'cooldown', cooldownMs: 3000 },
    ],
    ['an overload', upstream('overloaded_error'), targetFault],
    [
      'an overload with a time',
      upstream('overloaded_error', { retryAfter: 1 }),
      {
        retry: 'other_target',
        fault: 'target',
        health: 'cooldown',
        cooldownMs: 1000,
        retryAfterMs: 1000,
      },
    ],
    ['a timeout of the provider', upstream('timeout_error'), targetFault],
    [
      'an unknown model',
      upstream('not_found_error'),
      { retry: 'other_target', fault: 'target', health: 'none' },
    ],
    ['an invalid request of the provider', upstream('invalid_request_error'), requestFault],
    ['a request that is too large', upstream('request_too_large'), requestFault],
    ['a conflict', upstream('conflict_error'), requestFault],
    [
      'an internal error of the provider',
      upstream('api_error', { upstreamStatus: 500 }),
      targetFault,
    ],
    ['an internal error in a stream', upstream('api_error'), targetFault],
  ])('the verdict of a failure follows from its kind: %s', (_, failure, verdict) => {
    expect(judge(failure)).toEqual(verdict)
  })

  test.each([401, 402, 403])(
    'a rejected credential (%i) is the secret’s fault',
    (upstreamStatus) => {
      for (const type of [
        'authentication_error',
        'billing_error',
        'permission_error',
        'api_error',
      ] as const) {
        expect(judge(upstream(type, { upstreamStatus }))).toEqual(credentialFault)
      }
    },
  )

  test('an error that no retry helps is the secret’s fault', () => {
    expect(judge(upstream('api_error', { upstreamStatus: 500, shouldRetry: false }))).toEqual(
      credentialFault,
    )
  })

  test.each([
    ['prompt is too long: 9 tokens > 8 maximum', 'larger_model'],
    ['input length and `max_tokens` exceed context limit: 1 + 8 > 8', 'larger_model'],
    ['the words prompt is too long inside', 'none'],
  ])('a prompt that does not fit may fit a larger model: %s', (message, retry) => {
    expect(judge(upstream('invalid_request_error', { message }))).toEqual({
      ...requestFault,
      retry,
    })
  })
})
