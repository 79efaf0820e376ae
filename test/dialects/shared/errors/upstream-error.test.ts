import { describe, expect, test } from 'vitest'

import {
  toEventFailure,
  toReplyFailure,
} from '../../../../src/dialects/shared/errors/upstream-error.ts'
import { noRetry, target, toReply } from './upstream-reply.ts'

describe('the message of an upstream error', () => {
  test.each<[string, unknown, string]>([
    ['OpenAI', { error: { message: 'm', type: 't', param: null, code: 'c' } }, 'm'],
    ['a text for an error', { error: 'm' }, 'm'],
    ['xAI', { code: 'Client specified an invalid argument', error: 'm' }, 'm'],
    ['flat', { object: 'error', message: 'm', type: 'invalid_request_error', code: 400 }, 'm'],
    ['in an array', [{ error: { code: 400, message: 'm', status: 'INVALID_ARGUMENT' } }], 'm'],
    ['FastAPI', { detail: 'm' }, 'm'],
    [
      'FastAPI, in a list',
      { detail: [{ loc: ['body', 'tools', 0], msg: 'm', type: 'missing' }] },
      'body.tools.0: m',
    ],
    [
      'below a vague one',
      { error: { message: 'invalid input error', details: [{ loc: ['body'], msg: 'm' }] } },
      'body: m',
    ],
    ['Cloudflare', { success: false, errors: [{ code: 7, message: 'm' }], result: null }, 'm'],
    ['AI Gateway', { success: false, error: [{ code: 2001, message: 'm' }] }, 'm'],
    ['MiniMax', { base_resp: { status_code: 2013, status_msg: 'm' } }, 'm'],
    ['Bedrock', { Message: 'm' }, 'm'],
    ['NVIDIA', { status: 400, title: 'Bad Request', detail: 'm' }, 'm'],
    [
      'JSON in a string',
      {
        error: {
          message: 'Provider returned error',
          metadata: { raw: '{"error":{"message":"m"}}' },
        },
      },
      'm',
    ],
    [
      'text in a string',
      { error: { message: 'Provider returned error', metadata: { raw: 'm' } } },
      'm',
    ],
    ['JSON for a message', { error: { message: '{"error":{"message":"m"}}' } }, 'm'],
    ['Anthropic', { type: 'error', error: { type: 'invalid_request_error', message: 'm' } }, 'm'],
    ['JSON that says nothing', { a: 1 }, '400 Bad Request'],
    ['a JSON string', '"m"', 'm'],
    ['nothing', '', '400 Bad Request'],
    ['plain text', 'quota exceeded\n', '400 Bad Request: quota exceeded'],
    [
      'a page',
      '<html><head><title>400</title><style>a{}</style></head><body><h1>Bad</h1>\n<p>nginx</p></body></html>',
      '400 Bad Request: Bad nginx',
    ],
    ['a long page', `<p>${'x'.repeat(500)}</p>`, `400 Bad Request: ${'x'.repeat(200)}`],
    ['a page that is cut', '<p>Bad</p><scr', '400 Bad Request: Bad'],
  ])('the message of an upstream error is for the client: %s', (_, body, message) => {
    expect(toReply(400, body)).toEqual({
      status: 400,
      type: 'invalid_request_error',
      message: `lab: ${message}`,
      headers: {},
    })
  })

  test('the message of an upstream error is truncated where it quotes the request, and contains no secret', () => {
    const { message } = toReply(400, {
      error: { message: `key sk-abcdefghijklmnop ${'x'.repeat(2000)}` },
    })
    expect(message).toHaveLength('lab: '.length + 1000 + 1)
    expect(message).toMatch(/^lab: key \[redacted\] x+…$/)
  })
})

describe('the status of an upstream error', () => {
  test.each([
    [400, 400, 'invalid_request_error'],
    [405, 400, 'invalid_request_error'],
    [409, 409, 'conflict_error'],
    [413, 413, 'request_too_large'],
    [422, 400, 'invalid_request_error'],
    [429, 429, 'rate_limit_error'],
    [408, 504, 'timeout_error'],
    [424, 502, 'api_error'],
    [498, 529, 'overloaded_error'],
    [500, 500, 'api_error'],
    [502, 502, 'api_error'],
    [503, 529, 'overloaded_error'],
    [504, 504, 'timeout_error'],
    [520, 502, 'api_error'],
    [524, 504, 'timeout_error'],
    [529, 529, 'overloaded_error'],
  ])('the status %i of an upstream error becomes %i %s', (upstream, status, type) => {
    expect(toReply(upstream, { error: { message: 'm' } })).toEqual({
      status,
      type,
      message: 'lab: m',
      headers: {},
    })
  })

  test.each([
    [
      401,
      "The provider lab rejected the gateway's credential (HTTP 401). Contact the gateway's operator.",
    ],
    [
      402,
      "The gateway's credit or quota with the provider lab is exhausted (HTTP 402). Contact the gateway's operator.",
    ],
    [
      403,
      "The provider lab does not permit this with the gateway's credential (HTTP 403). Contact the gateway's operator.",
    ],
  ])(
    'the status %i of an upstream error is a gateway fault and never the client’s',
    (upstream, message) => {
      const body = { error: { message: 'Incorrect API key provided: abc123' } }
      const reply = toReply(upstream, upstream === 401 ? body : { error: { message: 'secret' } })
      expect(reply).toEqual({ status: 500, type: 'api_error', message, headers: noRetry })
    },
  )

  test.each([
    {
      error: {
        message: 'The model `x` does not exist or you do not have access to it.',
        code: 'model_not_found',
      },
    },
    { error: { code: 'DeploymentNotFound', message: 'm' } },
    { error: 'Specified model not found: x. Did you mean: y?' },
    { error: { message: "model 'x' not found" } },
    {
      code: 'Some requested entity was not found',
      error: 'The model grok-beta was deprecated on 2025-09-15',
    },
  ])('an upstream’s 404 for a model names the model: %j', (body) => {
    expect(toReply(404, body)).toEqual({
      status: 404,
      type: 'not_found_error',
      message: 'model: model-1',
      headers: noRetry,
    })
  })

  test('an upstream’s 404 for something else is passed on', () => {
    expect(toReply(404, 'page not found')).toEqual({
      status: 404,
      type: 'not_found_error',
      message: 'lab: 404 Not Found: page not found',
      headers: noRetry,
    })
  })
})

describe('an upstream error whose wording contradicts its status', () => {
  const credit = { status: 500, type: 'api_error' }
  const credential = { status: 500, type: 'api_error' }
  const overloaded = { status: 529, type: 'overloaded_error' }
  const model = { status: 404, type: 'not_found_error', message: 'model: model-1' }

  test.each<[number, unknown, object]>([
    [
      429,
      { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } },
      credit,
    ],
    [429, { error: { type: 'exceeded_current_quota_error', message: 'm' } }, credit],
    [
      429,
      { error: { code: '1113', message: 'Insufficient balance or no resource package.' } },
      credit,
    ],
    [429, { error: { code: '1113', message: '余额不足' } }, credit],
    [400, { error: { code: 'Arrearage', message: 'm' } }, credit],
    [200, { base_resp: { status_code: 1008, status_msg: 'm' } }, credit],
    [402, { error: { message: 'Prompt tokens limit exceeded: 36163 > 29652' } }, credit],
    [400, { code: 'invalid-argument', error: 'Incorrect API key provided.' }, credential],
    [400, { error: { message: 'm', details: [{ reason: 'API_KEY_INVALID' }] } }, credential],
    [429, { error: { type: 'engine_overloaded_error', message: 'm' } }, overloaded],
    [429, { type: 'too_many_requests_error', code: 'queue_exceeded', message: 'm' }, overloaded],
    [500, { error: { message: 'Overloaded' } }, overloaded],
    [503, { error: { status: 'UNAVAILABLE', message: 'The model is overloaded' } }, overloaded],
    [400, { error: { code: 'model_decommissioned', message: 'm' } }, model],
    [400, { error: { message: 'openai/x is not a valid model ID' } }, model],
    [400, { error: { message: 'The supported API model names are a, b' } }, model],
    [400, { error: { code: 'tool_use_failed', message: 'm' } }, { status: 502, type: 'api_error' }],
    [
      424,
      { message: 'm', __type: 'ModelTimeoutException' },
      { status: 504, type: 'timeout_error' },
    ],
    [
      429,
      { error: { status: 'RESOURCE_EXHAUSTED', message: 'Quota exceeded for quota metric' } },
      { status: 429, type: 'rate_limit_error' },
    ],
  ])(
    'an upstream error whose wording contradicts its status has status %i for %j',
    (status, body, expected) => {
      expect(toReply(status, body)).toMatchObject(expected)
    },
  )

  test.each([
    [400, { error: { code: 'content_filter', message: 'The response was filtered' } }],
    [400, { error: { code: 'content_policy_violation', message: 'm' } }],
    [400, { error: { type: 'content_filter', message: 'high risk' } }],
    [403, { error: 'Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO' }],
  ])(
    'an upstream error whose wording contradicts its status is a refusal that a retry cannot help: %i %j',
    (status, body) => {
      expect(toReply(status, body)).toMatchObject({
        status: 400,
        type: 'invalid_request_error',
        headers: noRetry,
      })
    },
  )

  test('an upstream error whose wording contradicts its status is an invalid request if it concerns a parameter of the model', () => {
    const message = "Unsupported value: 'temperature' is deprecated for this model."
    expect(toReply(400, { error: { message } })).toMatchObject({
      status: 400,
      message: `lab: ${message}`,
    })
  })
})

describe('a context overflow of an upstream', () => {
  test('a context overflow of an upstream has the message that clients recognize, without the provider’s name', () => {
    const message = 'request (2009 tokens) exceeds the available context size (512 tokens)'
    expect(
      toReply(400, { error: { code: 400, message, type: 'exceed_context_size_error' } }),
    ).toEqual({
      status: 400,
      type: 'invalid_request_error',
      message: 'prompt is too long: 2009 tokens > 512 maximum',
      headers: {},
    })
  })

  test('a context overflow of an upstream is found in a nested message', () => {
    const raw = '{"error":{"message":"prompt is too long: 300000 tokens > 200000 maximum"}}'
    const body = { error: { code: 400, message: 'Provider returned error', metadata: { raw } } }
    expect(toReply(400, body).message).toBe('prompt is too long: 300000 tokens > 200000 maximum')
  })

  test('a context overflow of an upstream has no token counts if the upstream reports none', () => {
    const headers = new Headers()
    const body = '{"error":{"code":"1261","message":"Prompt exceeds max length"}}'
    const known = { ...target, limits: { maxInputTokens: 128_000 } }
    expect(toReplyFailure({ status: 400, headers, body }, known)).toMatchObject({
      message: 'prompt is too long',
    })
  })

  test('a context overflow of an upstream has the sizes that llama.cpp reports in fields', () => {
    const error = {
      code: 400,
      message: 'the request exceeds the available context size, try increasing it',
      type: 'exceed_context_size_error',
      n_prompt_tokens: 9000,
      n_ctx: 8192,
    }
    expect(toReply(400, { error }).message).toBe('prompt is too long: 9000 tokens > 8192 maximum')
  })

  test('a context overflow of an upstream is not detected in a rate limit’s message', () => {
    const message =
      'Request too large for model `x` on tokens per minute (TPM): Limit 6000, Requested 14810'
    expect(toReply(413, { error: { message, code: 'rate_limit_exceeded' } })).toMatchObject({
      status: 413,
      type: 'request_too_large',
    })
  })
})

describe('an error inside a stream', () => {
  test.each<[unknown, object]>([
    [{ error: { message: 'm', code: 429 } }, { status: 429, type: 'rate_limit_error' }],
    [{ error: { message: 'm', type: 'server_error' } }, { status: 500, type: 'api_error' }],
    [
      { error: { message: 'm', type: 'overloaded_error' } },
      { status: 529, type: 'overloaded_error' },
    ],
    [{ error: { message: 'm', type: 'invalid_request_error' } }, { status: 400 }],
    [{ error: { message: 'Token limit reached', code: 400 } }, { status: 400 }],
    [{ error: { message: 'm', code: 401 } }, { status: 500, shouldRetry: false }],
    [{ error: { message: 'm', code: 'context_length_exceeded' } }, { status: 400 }],
    ['m', { status: 502, type: 'api_error', message: 'lab: m' }],
    [{}, { status: 502, message: 'lab: The provider reported an error without a message.' }],
  ])('an error inside a stream is classified: %j', (body, expected) => {
    expect(toEventFailure(body, target)).toMatchObject(expected)
  })

  test('an error inside a stream has the retry-after of its message', () => {
    const body = { error: { message: 'Please try again in 3s', code: 429 } }
    expect(toEventFailure(body, target)).toMatchObject({ retryAfter: 3 })
  })
})

describe('an unavailable model that exists', () => {
  test.each([
    'No endpoints found that support tool use.',
    'No endpoints found that support image input',
    'No allowed providers are available for the selected model.',
    'No endpoints found matching your data policy.',
  ])('an unavailable model that exists is not reported as not found: %s', (message) => {
    expect(toReply(404, { error: { message, code: 404 } })).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      message: expect.stringContaining(message),
    })
  })

  test('an unavailable model that exists is distinguished from a model without any endpoint', () => {
    const message = 'No endpoints found for some/model.'
    expect(toReply(404, { error: { message, code: 404 } })).toMatchObject({
      type: 'not_found_error',
    })
  })
})
