import { describe, expect, test } from 'vitest'

import { noRetry, toReply } from './upstream-reply.ts'

describe('an exhausted limit', () => {
  test('an exhausted limit has retry-after and the remaining limits', () => {
    const reply = toReply(
      429,
      { error: { message: 'Please try again in 5.289s' } },
      {
        'x-ratelimit-limit-tokens': '6000',
        'x-ratelimit-remaining-tokens': '0',
      },
    )
    expect(reply.headers).toEqual({
      'retry-after': '6',
      'anthropic-ratelimit-tokens-limit': '6000',
      'anthropic-ratelimit-tokens-remaining': '0',
    })
  })

  test.each<[string, unknown]>([
    ['RetryInfo', { error: { message: 'm', details: [{ retryDelay: '34s' }] } }],
    ['availability', { error: { message: 'm', availability: { retry_after: 34 } } }],
  ])('an exhausted limit has retry-after from %s', (_, body) => {
    expect(toReply(429, body).headers).toEqual({ 'retry-after': '34' })
    expect(toReply(503, body).headers).toEqual({ 'retry-after': '34' })
  })

  test('an exhausted limit is not retried if the provider forbids it', () => {
    const reply = toReply(503, { error: { message: 'm' } }, { 'x-should-retry': 'false' })
    expect(reply).toMatchObject({ status: 529, headers: noRetry })
  })

  test('an exhausted limit of credit has no retry-after', () => {
    const reply = toReply(
      429,
      { error: { code: 'insufficient_quota', message: 'm' } },
      { 'retry-after': '9' },
    )
    expect(reply.headers).toEqual(noRetry)
  })
})

describe('a rate limit of an upstream', () => {
  test.each([
    'Request too large for gpt-4.1 on tokens per min (TPM): Limit 10000, Requested 52800.',
    'Rate limit reached for `m` on tokens per minute (TPM): Limit 6,000, Used 0, Requested 7,450.',
  ])('a rate limit of an upstream that a single request exceeds is not retried: %s', (message) => {
    expect(toReply(429, { error: { message, code: 'rate_limit_exceeded' } })).toMatchObject({
      type: 'request_too_large',
    })
  })

  test('a rate limit of an upstream that other requests have exhausted can be retried', () => {
    const message = 'Rate limit reached: Limit 6000, Used 5900, Requested 450. Try again in 3s.'
    expect(toReply(429, { error: { message } })).toMatchObject({
      type: 'rate_limit_error',
      headers: { 'retry-after': '3' },
    })
  })

  test.each([
    ['Please retry after 41 seconds.', 41],
    ['You can try again in about 2 minutes.', 120],
    ['Please wait 1m30s before retrying.', 90],
    ['Rate limit resets in 12.5 s.', 13],
    ['Retry your request after 7 sec', 7],
  ])('a rate limit of an upstream has retry-after from its wording: %s', (message, seconds) => {
    expect(toReply(429, { error: { message } })).toMatchObject({
      headers: { 'retry-after': String(seconds) },
    })
  })
})
