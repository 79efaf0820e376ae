/** Which cap on output tokens is read from a refusal, in the words of many servers. */
import { describe, expect, test } from 'vitest'

import { findOutputCap } from '../../../src/exchange/policy/output-cap.ts'

const openai = (message: string, status = 400) => ({
  status,
  body: JSON.stringify({ error: { message, type: 'invalid_request_error' } }),
})
const capOf = (message: string): number | undefined => findOutputCap(openai(message), 64_000)

describe('the cap on output tokens that a refusal names', () => {
  test.each([
    [
      'max_tokens is too large: 64000. This model supports at most 8192 completion tokens, whereas you provided 64000.',
      8192,
    ],
    [
      '`max_completion_tokens` must be less than or equal to `32768`, the maximum value for `max_completion_tokens` is less than the `context_window` for this model',
      32_768,
    ],
    [
      'max_tokens: 64000 > 32000, which is the maximum allowed number of output tokens for claude-opus-4-1-20250805',
      32_000,
    ],
    ['Range of max_tokens should be [1, 8192]', 8192],
    ['Invalid max_tokens value, the valid range of max_tokens is [1, 8192]', 8192],
    ['max_tokens must be between 1 and 16,384', 16_384],
    [
      'Unable to submit request because it has a maxOutputTokens value of 64000 but the supported range is from 1 (inclusive) to 8193 (exclusive). Update the value and try again.',
      8192,
    ],
    [
      'The maximum tokens you requested exceeds the model limit of 4096. Try again with a maximum tokens value that is lower than 4096.',
      4096,
    ],
    [
      "The requested max_tokens (64000) exceeds this model's maximum context length of 16384 tokens.",
      16_384,
    ],
    ['max_tokens must be less than 8193', 8192],
    ['field num_predict: 64000 exceeds the limit of 4096', 4096],
    [
      'too many tokens: max tokens must be less than or equal to 4000, the maximum output length for this model - received 64000',
      4000,
    ],
  ])('the cap on output tokens that a refusal names is found: %s', (message, cap) => {
    expect(findOutputCap(openai(message), 64_000)).toBe(cap)
  })

  test.each([
    ['max_tokens must be at least 1, got -120.'],
    ['prompt is too long: 200001 tokens > 200000 maximum'],
    [
      "This model's maximum context length is 16384 tokens. However, you requested 64010 tokens (10 in the messages, 64000 in the completion).",
    ],
    [
      "'max_tokens' is too large: 64000. This model's maximum context length is 40960 tokens and your request has 8821 input tokens (64000 > 40960 - 8821).",
    ],
    [
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    ],
    ['tools.3.function.name: string too long, maximum length 64 characters, got 71'],
  ])('a refusal without a cap on output tokens yields none: %s', (message) => {
    expect(findOutputCap(openai(message), 64_000)).toBeUndefined()
  })
})

describe('a cap on output tokens', () => {
  test.each([
    'max_tokens',
    'maxTokens',
    'max_completion_tokens',
    'maxCompletionTokens',
    'max_output_tokens',
    'maxOutputTokens',
    'max_new_tokens',
    'max_gen_tokens',
    'MAX_TOKENS',
    'max tokens',
    'max-tokens',
    'max completion tokens',
    'max output tokens',
    'max new tokens',
    'maximum tokens',
    'maximum completion tokens',
    'maximum output tokens',
    'completion tokens',
    'output tokens',
    'num_predict',
  ])('a cap on output tokens is recognized where it is called %s', (name) => {
    expect(capOf(`${name}: at most 4096 can be asked for`)).toBe(4096)
  })

  test.each(['tokens', 'max_retries', 'maximum length', 'max_steps'])(
    'a cap on output tokens is not read from a refusal that is about %s',
    (name) => {
      expect(capOf(`${name}: at most 4096 can be asked for`)).toBeUndefined()
    },
  )

  test('a cap on output tokens is recognized where the refusal names the field apart from its message', () => {
    const error = { message: 'Input should be less than or equal to 4096', param: 'max_tokens' }
    expect(findOutputCap({ status: 400, body: JSON.stringify({ error }) }, 64_000)).toBe(4096)
    const detail = [{ loc: ['body', 'max_tokens'], msg: 'should be less than or equal to 4096' }]
    expect(findOutputCap({ status: 422, body: JSON.stringify({ detail }) }, 64_000)).toBe(4096)
  })

  test('a cap on output tokens is read from any of several complaints', () => {
    const detail = [
      { loc: ['body', 'top_k'], msg: 'should be less than 20' },
      { loc: ['body', 'max_tokens'], msg: 'should be at most 4096' },
    ]
    expect(findOutputCap({ status: 422, body: JSON.stringify({ detail }) }, 64_000)).toBe(4096)
  })

  test.each([401, 404, 429, 500, 529])(
    'a cap on output tokens is not read from an error of status %i',
    (status) => {
      expect(findOutputCap(openai('max_tokens: at most 4096', status), 64_000)).toBeUndefined()
    },
  )

  test('a cap on output tokens is less than what was asked for, and at least 16', () => {
    expect(findOutputCap(openai('max_tokens: at most 4096'), 4097)).toBe(4096)
    expect(findOutputCap(openai('max_tokens: at most 4096'), 4096)).toBeUndefined()
    expect(capOf('max_tokens: at most 16')).toBe(16)
    expect(capOf('max_tokens: at most 15')).toBeUndefined()
  })

  test('a cap on output tokens is the largest of the numbers that are less than what was asked for', () => {
    expect(capOf('max_tokens: 64000 is not in the range of 1024 to 8192 for 100000')).toBe(8192)
  })

  test.each([
    ['8,192', 8192],
    ['8_192', 8192],
    ['16384', 16_384],
    ['`8192`', 8192],
    ['"8192"', 8192],
    ['8192.', 8192],
    ['8192, or less', 8192],
  ])('a cap on output tokens may be written as %s', (number, cap) => {
    expect(capOf(`max_tokens must be at most ${number}`)).toBe(cap)
  })

  test('a cap on output tokens may have several separators of thousands', () => {
    const refusal = openai('max_tokens must be at most 1,048,576 or 1_000')
    expect(findOutputCap(refusal, 2_000_000)).toBe(1_048_576)
  })

  test.each([
    'gpt-4096',
    'model-32768-turbo',
    'v1.4096',
    '4096k',
    '4096-token',
    '4096.5',
    'model_4096',
    'x4096',
    '8,192k',
    '8,192-token',
    '.4,096x',
  ])('a cap on output tokens is not part of a name or of a fraction: %s', (name) => {
    expect(capOf(`max_tokens is refused by ${name}`)).toBeUndefined()
  })
})

describe('the number of a refusal of max_tokens is not allowed itself', () => {
  test.each([
    'less than 8193',
    'lower than 8193',
    'smaller than 8193',
    'fewer than 8193',
    'Less Than 8193',
    'less than `8193`',
    "less than '8193'",
    'less than "8193"',
    'less than 8,193',
    'in the range [1, 8193)',
    'in the range (0,8193)',
    'in the range [ 1 , 8193 )',
    'in [1, 8193) (see the docs)',
    'from 1 (inclusive) to 8193 (exclusive)',
    'below 8193 (Exclusive)',
    'below 8193(exclusive)',
  ])(
    'the number in a refusal of max_tokens is excluded if it is the end of an open range: %s',
    (words) => {
      expect(capOf(`max_tokens must be ${words}`)).toBe(8192)
    },
  )

  test.each([
    'less than or equal to 8192',
    'no more than 8192',
    'at most 8192 (inclusive)',
    'in the range [1, 8192]',
    'below the limit (8192)',
    'less than what was asked for: 8192',
    'at most 8192 tokens (of range 1 to that, exclusive of the prompt)',
  ])('the number in a refusal of max_tokens is allowed if its range is closed: %s', (words) => {
    expect(capOf(`max_tokens must be ${words}`)).toBe(8192)
  })
})

describe('a refusal because prompt and answer together do not fit', () => {
  test.each([
    'your input has 8821',
    'your prompt has 8821',
    'your message has 8821',
    'your messages have 8821',
    'it has 8821 + 64000',
    'it has 8821 (+ 64000)',
    'your PROMPT has 8821',
  ])('a refusal because prompt and answer together do not fit names no cap: %s', (words) => {
    expect(capOf(`max_tokens is too large. The context length is 40960, ${words}`)).toBeUndefined()
    expect(capOf(`max_tokens is too large. The Context length is 40960, ${words}`)).toBeUndefined()
  })

  test('a refusal that speaks of the context alone, or of the prompt alone, names a cap', () => {
    expect(capOf('max_tokens is larger than the context length of 40960')).toBe(40_960)
    expect(capOf('max_tokens is larger than 8192, whatever the prompt')).toBe(8192)
    expect(capOf('max_tokens exceeds the context of 40960; inputs and prompted text fit')).toBe(
      40_960,
    )
  })
})
