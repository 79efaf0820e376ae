import { describe, expect, test } from 'vitest'

import { toErrorReply } from '../../../src/anthropic/error-reply.ts'
import { gemini } from '../../../src/dialects/gemini/index.ts'
import { loaded } from '../../support/loaded.ts'

const dialect = loaded(gemini.bind({ provider: 'google', model: 'g', limits: {}, takes: {} }, []))

function toReply(status: number, body: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return toErrorReply(dialect.toFailure({ status, headers: new Headers(), body: text }))
}

describe('an error of the Gemini API', () => {
  test('an error of the Gemini API with RetryInfo sets retry-after', () => {
    const details = [
      { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [] },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34s' },
    ]
    const error = {
      code: 429,
      message: 'You exceeded your current quota.',
      status: 'RESOURCE_EXHAUSTED',
      details,
    }
    expect(toReply(429, { error })).toMatchObject({
      status: 429,
      type: 'rate_limit_error',
      headers: { 'retry-after': '34' },
    })
    // As the compatible endpoint has it.
    expect(toReply(429, [{ error }])).toMatchObject({ headers: { 'retry-after': '34' } })
  })

  test('an error of the Gemini API about the API key is a gateway fault, though its status is 400', () => {
    const error = {
      code: 400,
      message: 'API key not valid. Please pass a valid API key.',
      status: 'INVALID_ARGUMENT',
      details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
    }
    expect(toReply(400, { error })).toMatchObject({
      status: 500,
      type: 'api_error',
      headers: { 'x-should-retry': 'false' },
    })
  })

  test('an error of the Gemini API about the prompt’s length has Anthropic’s message', () => {
    const message =
      'The input token count (1250074) exceeds the maximum number of tokens allowed (1048576).'
    expect(
      toReply(400, { error: { code: 400, message, status: 'INVALID_ARGUMENT' } }),
    ).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      message: 'prompt is too long: 1250074 tokens > 1048576 maximum',
    })
  })

  test('an error of the Gemini API that is an HTML page is described by its status', () => {
    expect(toReply(502, '<html><title>Error 502</title></html>')).toMatchObject({
      status: 502,
      type: 'api_error',
    })
  })
})
