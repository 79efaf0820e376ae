import { describe, expect, test } from 'vitest'

import {
  toRateLimitHeaders,
  toRetryAfter,
} from '../../../../src/dialects/shared/errors/rate-limit.ts'

/** 2026-11-25T00:00:00Z */
const now = 1_795_564_800_000

describe('the remaining rate limit', () => {
  test.each<[string, Record<string, string>, Record<string, string>]>([
    [
      'OpenAI and Groq, in durations',
      {
        'x-ratelimit-limit-requests': '500',
        'x-ratelimit-remaining-requests': '499',
        'x-ratelimit-reset-requests': '1m2.5s',
        'x-ratelimit-limit-tokens': '30000',
        'x-ratelimit-remaining-tokens': '29000',
        'x-ratelimit-reset-tokens': '76ms',
      },
      {
        'anthropic-ratelimit-requests-limit': '500',
        'anthropic-ratelimit-requests-remaining': '499',
        'anthropic-ratelimit-requests-reset': '2026-11-25T00:01:02Z',
        'anthropic-ratelimit-tokens-limit': '30000',
        'anthropic-ratelimit-tokens-remaining': '29000',
        'anthropic-ratelimit-tokens-reset': '2026-11-25T00:00:00Z',
      },
    ],
    [
      'Azure, in seconds',
      {
        'x-ratelimit-limit-tokens': '10',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '60',
      },
      {
        'anthropic-ratelimit-tokens-limit': '10',
        'anthropic-ratelimit-tokens-remaining': '0',
        'anthropic-ratelimit-tokens-reset': '2026-11-25T00:01:00Z',
      },
    ],
    [
      'Mistral, without resets',
      {
        'x-ratelimit-limit-req-minute': '60',
        'x-ratelimit-remaining-req-minute': '59',
        'x-ratelimit-limit-tokens-minute': '5000',
        'x-ratelimit-remaining-tokens-minute': '4000',
        'x-ratelimit-limit-tokens-month': '9000000',
        'x-ratelimit-remaining-tokens-month': '8000000',
      },
      {
        'anthropic-ratelimit-requests-limit': '60',
        'anthropic-ratelimit-requests-remaining': '59',
        'anthropic-ratelimit-tokens-limit': '5000',
        'anthropic-ratelimit-tokens-remaining': '4000',
      },
    ],
    [
      'Cerebras, in fractions',
      {
        'x-ratelimit-limit-requests-day': '14400',
        'x-ratelimit-remaining-requests-day': '14399',
        'x-ratelimit-reset-requests-day': '3600.5',
      },
      {
        'anthropic-ratelimit-requests-limit': '14400',
        'anthropic-ratelimit-requests-remaining': '14399',
        'anthropic-ratelimit-requests-reset': '2026-11-25T01:00:00Z',
      },
    ],
    [
      'OpenRouter, in epoch milliseconds',
      {
        'x-ratelimit-limit': '20',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': '1795564860000',
      },
      {
        'anthropic-ratelimit-requests-limit': '20',
        'anthropic-ratelimit-requests-remaining': '0',
        'anthropic-ratelimit-requests-reset': '2026-11-25T00:01:00Z',
      },
    ],
    [
      'one without limit',
      { 'x-ratelimit-remaining-tokens': '10', 'x-ratelimit-limit-requests': '10' },
      {},
    ],
    [
      'one with an invalid count',
      { 'x-ratelimit-limit-tokens': 'unlimited', 'x-ratelimit-remaining-tokens': '-1' },
      {},
    ],
  ])('the remaining rate limit is reported in Anthropic’s headers: %s', (_, headers, expected) => {
    expect(toRateLimitHeaders(new Headers(headers), now)).toEqual(expected)
  })

  test('the remaining rate limit has no reset if only a duration is known and no clock is given', () => {
    const headers = new Headers({
      'x-ratelimit-limit-requests': '5',
      'x-ratelimit-remaining-requests': '4',
      'x-ratelimit-reset-requests': '6m0s',
    })
    expect(toRateLimitHeaders(headers)).toEqual({
      'anthropic-ratelimit-requests-limit': '5',
      'anthropic-ratelimit-requests-remaining': '4',
    })
  })
})

describe('retry-after of an upstream error', () => {
  test.each<[string, Record<string, string>, number | undefined]>([
    ['in seconds', { 'retry-after': '7' }, 7],
    ['in fractions, rounded up', { 'retry-after': '6.1' }, 7],
    ['in milliseconds, which come first', { 'retry-after-ms': '1500', 'retry-after': '9' }, 2],
    ['as a date', { 'retry-after': 'Wed, 25 Nov 2026 00:00:30 GMT' }, 30],
    ['as a date that has passed', { 'retry-after': 'Wed, 25 Nov 2020 00:00:30 GMT' }, undefined],
    ['as nothing', { 'retry-after': '0' }, undefined],
    ['as text without a number', { 'retry-after': 'soon' }, undefined],
    ['of more than a day', { 'retry-after': '9999999' }, 86_400],
    [
      'of the window that is empty',
      {
        'x-ratelimit-limit-requests': '5',
        'x-ratelimit-remaining-requests': '4',
        'x-ratelimit-reset-requests': '1h',
        'x-ratelimit-limit-tokens': '5',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '2m59.56s',
      },
      180,
    ],
    [
      'until the window opens',
      {
        'x-ratelimit-limit': '20',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': '1795564860000',
      },
      60,
    ],
  ])('retry-after of an upstream error may be in headers: %s', (_, headers, expected) => {
    expect(toRetryAfter({ headers: new Headers(headers), text: '', now })).toBe(expected)
  })

  test.each<[string, number | undefined]>([
    ['Rate limit reached for model `x`. Please try again in 5.289s. Need more tokens?', 6],
    ['Please try again in 2m59.56s. Visit us', 180],
    ['Please try again in 76ms.', 1],
    ['Please retry in 34.074824224s.', 35],
    ['Try again in 20 seconds', 20],
    ['Please try again in 5 minutes', 300],
    ['Please try again later', undefined],
  ])('retry-after of an upstream error may be in the message: %s', (text, expected) => {
    expect(toRetryAfter({ text })).toBe(expected)
  })

  test('retry-after of an upstream error may be in a field of the body', () => {
    expect(toRetryAfter({ text: '', delay: '34s' })).toBe(34)
    expect(toRetryAfter({ text: '', delay: 12 })).toBe(12)
  })

  test('retry-after of an upstream error is unknown for a date if no clock is given', () => {
    const headers = new Headers({ 'retry-after': 'Wed, 25 Nov 2026 00:00:30 GMT' })
    expect(toRetryAfter({ headers, text: '' })).toBeUndefined()
  })
})
