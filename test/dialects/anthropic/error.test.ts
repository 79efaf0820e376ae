import { describe, expect, test } from 'vitest'

import { toErrorReply } from '../../../src/anthropic/error-reply.ts'
import type { Host } from '../../../src/dialects/anthropic/response/error.ts'
import { readErrorEvent, readErrorReply } from '../../../src/dialects/anthropic/response/error.ts'

const other: Host = { provider: 'lab', model: 'm', limits: {}, takes: {}, isAnthropic: false }

/** Status, type, message, whether it may be retried, and whether it is passed on as received. */
function read(status: number, body: unknown, host = other, headers = new Headers()) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const { failure, isOriginal } = readErrorReply({ status, headers, body: text }, host)
  const reply = toErrorReply(failure)
  return [reply.status, reply.type, reply.headers['x-should-retry'] ?? 'true', isOriginal]
}

const own = (type: string, message = 'm') => ({ type: 'error', error: { type, message } })

describe('an error response of a host of Anthropic’s protocol', () => {
  test.each([
    [400, 'invalid_request_error'],
    [413, 'request_too_large'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [504, 'timeout_error'],
    [529, 'overloaded_error'],
  ])(
    'an error %i %s of a host of Anthropic’s protocol is passed on as received',
    (status, type) => {
      expect(read(status, own(type))).toEqual([status, type, 'true', true])
    },
  )

  test('an error 404 not_found_error of a host is passed on as received, with x-should-retry: false', () => {
    expect(read(404, own('not_found_error'))).toEqual([404, 'not_found_error', 'false', true])
  })

  test.each([
    ['OpenAI’s shape', 400, { error: { message: 'no', code: 'invalid_request_error' } }],
    ['a type of its own', 400, own('bad_request_error', 'invalid params (2013)')],
    ['FastAPI’s shape', 422, { detail: [{ loc: ['body', 'tools'], msg: 'no', type: 'x' }] }],
    ['a flat shape', 400, { code: 1210, msg: 'Invalid parameter.', success: false }],
    ['a text', 400, 'tools are wrong'],
  ])('an error in the format of %s is sent in Anthropic’s', (_, status, body) => {
    expect(read(status, body)).toEqual([400, 'invalid_request_error', 'true', false])
  })

  test.each([
    ['Kimi: no credit', 429, { error: { type: 'exceeded_current_quota_error', message: 'm' } }],
    ['Z.ai: no balance', 429, { type: 'error', error: { code: '1113', message: 'm' } }],
    ['Z.ai: the number is the type', 429, own('1308', 'Usage limit reached.')],
    ['MiniMax: no balance', 400, own('bad_request_error', 'insufficient balance (1008)')],
    ['DeepSeek: no balance', 402, { error: { message: 'Insufficient Balance' } }],
    ['a bad key', 401, own('authentication_error')],
  ])(
    'an error of a host about %s is the operator’s to fix, and not to be retried',
    (_, status, body) => {
      expect(read(status, body)).toEqual([500, 'api_error', 'false', false])
    },
  )

  test.each([
    ['DeepSeek', 400, { error: { message: 'Content Exists Risk', type: 'invalid_request_error' } }],
    ['MiniMax', 200, { base_resp: { status_code: 1026, status_msg: 'input new_sensitive' } }],
    ['Z.ai', 400, { error: { code: '1301', message: '系统检测到不安全或敏感内容' } }],
    ['Alibaba', 400, { code: 'data_inspection_failed', message: 'Output data may be bad.' }],
    ['a code of a policy', 400, { error: { code: 'cyber_policy', message: 'Flagged.' } }],
  ])('an error of the content policy of %s is not to be retried', (_, status, body) => {
    expect(read(status, body)).toEqual([400, 'invalid_request_error', 'false', false])
  })

  test('an overload of a host under another status has Anthropic’s status', () => {
    const body = { error: { type: 'engine_overloaded_error', message: 'm' } }
    expect(read(429, body)).toEqual([529, 'overloaded_error', 'true', false])
  })

  test('a context overflow of a host has the wording on which clients compact', () => {
    const message = 'invalid params, context window exceeds limit (2013)'
    const body = JSON.stringify(own('invalid_request_error', message))
    const reply = { status: 400, headers: new Headers(), body }
    expect(readErrorReply(reply, other)).toMatchObject({
      failure: { message: 'prompt is too long' },
      isOriginal: false,
    })
  })

  test('an error of Anthropic itself is passed on even if its type is unknown', () => {
    const anthropic = { ...other, isAnthropic: true }
    const error = own('brand_new_error')
    expect(read(418, error, anthropic)).toEqual([400, 'invalid_request_error', 'true', true])
    expect(read(418, error)).toEqual([400, 'invalid_request_error', 'true', false])
  })
})

describe('an error event of a host of Anthropic’s protocol', () => {
  test('an error event of a host of Anthropic’s protocol is passed on as received, and is known by its type', () => {
    expect(readErrorEvent(own('not_found_error', 'model: x'), other)).toEqual({
      failure: {
        kind: 'upstream_error',
        provider: 'lab',
        status: 404,
        type: 'not_found_error',
        message: 'model: x',
        shouldRetry: false,
      },
      isOriginal: true,
    })
  })

  test.each([
    [{ error: { code: '1302', message: 'High concurrency' } }, 429, 'rate_limit_error'],
    [{ base_resp: { status_code: 1002, status_msg: 'limit' } }, 429, 'rate_limit_error'],
    [own('1234', 'Network error'), 529, 'overloaded_error'],
    ['overloaded', 529, 'overloaded_error'],
  ])('an error event of a host in another format is not passed on: %j', (body, status, type) => {
    const { failure, isOriginal } = readErrorEvent(body, other)
    expect([failure, isOriginal]).toMatchObject([{ status, type }, false])
  })
})
