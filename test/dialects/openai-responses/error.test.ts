import { describe, expect, test } from 'vitest'

import { toErrorReply } from '../../../src/anthropic/error-reply.ts'
import type { Failure } from '../../../src/anthropic/error.ts'
import { toReplyFailure } from '../../../src/dialects/shared/errors/upstream-error.ts'
import { event, readEvents, target } from '../../support/readers/read-responses.ts'

/** Status, type and message of the client’s error. */
function replyTo(failure: Failure): [number, string, string] {
  const { status, type, message } = toErrorReply(failure)
  return [status, type, message]
}

function replyToEvents(...events: object[]): [number, string, string] {
  const [part] = readEvents(events)
  if (part === undefined || !('failure' in part)) {
    throw new Error('no failure')
  }
  return replyTo(part.failure)
}

describe('an error in a Responses stream', () => {
  test.each([
    ['nested', { type: 'error', sequence_number: 3, error: { code: 'x', message: 'Sorry.' } }],
    ['flat', { type: 'error', sequence_number: 3, code: 'x', message: 'Sorry.', param: null }],
    ['of the response', event('failed', { response: { error: { code: 'x', message: 'Sorry.' } } })],
    ['as chat completions have it', { error: { code: 'x', message: 'Sorry.' } }],
  ])('an error in a Responses stream is reported: %s', (_, said) => {
    expect(replyToEvents(said)).toEqual([502, 'api_error', 'lab: Sorry.'])
  })

  test.each([
    ['rate_limit_exceeded', 429, 'rate_limit_error'],
    ['slow_down', 429, 'rate_limit_error'],
    ['server_is_overloaded', 529, 'overloaded_error'],
    ['server_error', 500, 'api_error'],
    ['invalid_prompt', 400, 'invalid_request_error'],
    ['bio_policy', 400, 'invalid_request_error'],
    ['image_too_large', 400, 'invalid_request_error'],
    ['invalid_image_url', 400, 'invalid_request_error'],
    ['empty_image_file', 400, 'invalid_request_error'],
    ['insufficient_quota', 500, 'api_error'],
  ])('an error in a Responses stream with code %s is a %d', (code, status, type) => {
    const response = { status: 'failed', error: { code, message: 'So it is.' } }
    expect(replyToEvents(event('failed', { response })).slice(0, 2)).toEqual([status, type])
    const error = { type: 'error', code, message: 'So it is.' }
    expect(replyToEvents(error).slice(0, 2)).toEqual([status, type])
  })

  test('an error in a Responses stream without a message is still a failure', () => {
    expect(replyToEvents(event('failed', { response: { status: 'failed' } }))[1]).toBe('api_error')
    expect(replyToEvents({ type: 'error' })[1]).toBe('api_error')
  })

  test('an error in a Responses stream that is a context overflow has the message on which clients compact', () => {
    const error = {
      code: 'context_length_exceeded',
      message:
        'Your input exceeds the context window of this model. Please adjust your input and try again.',
    }
    const failed = event('failed', { response: { status: 'failed', error } })
    const [status, type, message] = replyToEvents(event('created'), event('in_progress'), failed)
    expect([status, type]).toEqual([400, 'invalid_request_error'])
    expect(message).toBe('prompt is too long')
  })
})

describe('an error response of the Responses API', () => {
  test('an error response of the Responses API about state that cannot be decrypted is an invalid request', () => {
    const body = JSON.stringify({
      error: {
        message: 'The encrypted content could not be verified.',
        type: 'invalid_request_error',
        code: 'invalid_encrypted_content',
      },
    })
    const failure = toReplyFailure({ status: 400, headers: new Headers(), body }, target)
    expect(replyTo(failure).slice(0, 2)).toEqual([400, 'invalid_request_error'])
  })
})
