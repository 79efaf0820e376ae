import { describe, expect, test } from 'vitest'

import { findError } from '../../../src/dialects/openai-chat/response/error.ts'
import { PartBuilder } from '../../../src/dialects/shared/answer/part-builder.ts'
import { toReplyFailure } from '../../../src/dialects/shared/errors/upstream-error.ts'
import { target } from '../../support/readers/read-chat.ts'

test('an error response is classified with its headers', () => {
  const headers = new Headers({ 'retry-after': '3' })
  const body = '{"error":{"message":"Slow down","type":"rate_limit","code":"rate_limit_exceeded"}}'
  expect(toReplyFailure({ status: 429, headers, body }, target())).toEqual({
    kind: 'upstream_error',
    provider: 'lab',
    status: 429,
    upstreamStatus: 429,
    type: 'rate_limit_error',
    message: 'lab: Slow down',
    retryAfter: 3,
  })
})

describe('an error in a response with status 200', () => {
  test.each([
    { error: { message: 'x' } },
    { error: 'x' },
    { error: ['x'] },
    [{ error: { message: 'x' } }],
    { choices: [{ error: { message: 'x' } }] },
    { base_resp: { status_code: 1000, status_msg: 'x' } },
    { base_resp: { status_code: 1000, status_msg: 'x' }, choices: [] },
    { success: false, errors: [{ code: 1, message: 'x' }] },
    { success: false, error: [{ code: 2001, message: 'x' }] },
    { object: 'error', message: 'x' },
    { type: 'error', error: { message: 'x' } },
    { detail: 'x' },
    { message: 'x' },
  ])('an error in a response with status 200 is found in %j', (body) => {
    expect(findError(body, target())).toMatchObject({ kind: 'upstream_error', message: 'lab: x' })
  })

  test.each([
    undefined,
    null,
    'x',
    [],
    {},
    { choices: [] },
    { choices: [{ delta: {}, error: null }] },
    { error: null },
    { error: {} },
    { error: '' },
    { error: [] },
    { base_resp: { status_code: 0, status_msg: '' } },
    { id: 'c1', object: 'chat.completion.chunk', message: 'x' },
    { usage: {} },
  ])('an error in a response with status 200 is not found in %j', (body) => {
    expect(findError(body, target())).toBeUndefined()
  })
})

test('a router’s error names the provider that failed, with its code', () => {
  const parts = new PartBuilder(target(), { toolNames: new Map(), newToolId: () => 'toolu_1' })
  parts.unusable('finish_reason: error')
  expect(parts.take()).toEqual([
    {
      type: 'failure',
      failure: {
        kind: 'upstream_error',
        provider: 'lab',
        status: 502,
        type: 'api_error',
        message: 'lab: the answer ended before it was complete (finish_reason: error).',
      },
    },
  ])
})
