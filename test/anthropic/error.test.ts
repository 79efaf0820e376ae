import { expect, test } from 'vitest'

import { toErrorBody, toErrorReply } from '../../src/anthropic/error-reply.ts'
import type { Failure } from '../../src/anthropic/error.ts'

const noRetry = { 'x-should-retry': 'false' }

test.each<[Failure, number, string, string, Record<string, string>]>([
  [{ kind: 'missing_key' }, 401, 'authentication_error', 'x-api-key header is required', noRetry],
  [{ kind: 'invalid_key' }, 401, 'authentication_error', 'invalid x-api-key', noRetry],
  [{ kind: 'expired_key' }, 401, 'authentication_error', 'API key expired', noRetry],
  [{ kind: 'unknown_model', model: 'x' }, 404, 'not_found_error', 'model: x', noRetry],
  [
    { kind: 'model_not_allowed', model: 'x' },
    403,
    'permission_error',
    'This API key may not use the model x.',
    noRetry,
  ],
  [
    { kind: 'too_large', reason: undefined },
    413,
    'request_too_large',
    'Request exceeds the maximum size',
    {},
  ],
  [
    { kind: 'too_large', reason: 'it has more than 5 JSON values' },
    413,
    'request_too_large',
    'Request exceeds the maximum size: it has more than 5 JSON values',
    {},
  ],
  [{ kind: 'internal' }, 500, 'api_error', 'Internal server error', {}],
  [
    { kind: 'upstream_timeout', provider: 'p', afterMs: 5000 },
    504,
    'timeout_error',
    'The provider p did not respond within 5 s.',
    {},
  ],
  [
    {
      kind: 'upstream_error',
      provider: 'p',
      status: 429,
      type: 'rate_limit_error',
      message: 'slow down',
      retryAfter: 7,
      headers: { 'anthropic-ratelimit-requests-limit': '5' },
    },
    429,
    'rate_limit_error',
    'slow down',
    { 'anthropic-ratelimit-requests-limit': '5', 'retry-after': '7' },
  ],
])('the failure %j becomes status %s with type %s', (failure, status, type, message, headers) => {
  expect(toErrorReply(failure)).toEqual({ status, type, message, headers })
})

test('the error envelope contains the request id, and the error code if there is one', () => {
  const reply = toErrorReply({ kind: 'invalid_request', message: 'thread: no', code: 'c' })
  expect(toErrorBody(reply, 'req_1')).toEqual({
    type: 'error',
    error: {
      type: 'invalid_request_error',
      message: 'thread: no',
      details: { error_code: 'c' },
    },
    request_id: 'req_1',
  })
})

test('the error for an invalid upstream response does not contain that response', () => {
  const reply = toErrorReply({ kind: 'upstream_invalid_response', provider: 'p', detail: 'secret' })
  expect(JSON.stringify(reply)).not.toContain('secret')
})
