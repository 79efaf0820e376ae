import { describe, expect, test } from 'vitest'

import { isUnconditional, subjects } from '../../../src/exchange/policy/unconditional.ts'

type Subject = keyof typeof subjects

const body = (message: string): string => JSON.stringify({ error: { message } })
const holds = (subject: Subject, message: string, names: string[] = []): boolean =>
  isUnconditional({ body: body(message) }, subjects[subject], names)

describe('a refusal holds for every request to the model', () => {
  test.each<[Subject, string]>([
    ['media', 'messages[2]: unknown variant `image_url`, expected `text`'],
    ['media', 'This model does not support images.'],
    ['media', 'image input is not supported - hint: if this is unexpected, provide the mmproj'],
    ['media', 'glm-5 is not a multimodal model'],
    [
      'outputLimit',
      'max_tokens is too large: 64000. This model supports at most 8192 completion tokens, whereas you provided 64000.',
    ],
    ['outputLimit', '`max_completion_tokens` must be less than or equal to `32768`'],
    ['outputLimit', 'Range of max_tokens should be [1, 8192]'],
    [
      'outputLimit',
      'max_tokens: 64000 > 32000, which is the maximum allowed number of output tokens for claude-opus-4-1',
    ],
    ['reasoning', "'messages.1' : for 'role:assistant' property 'reasoning' is unsupported"],
    ['reasoning', 'messages.1.reasoning_content: Extra inputs are not permitted'],
    [
      'reasoning',
      "'messages.1' : for 'role:assistant' the following must be satisfied[('messages.1' : property 'reasoning' is unsupported)]",
    ],
    [
      'reasoning',
      "Additional properties are not allowed ('reasoning_content' was unexpected) - 'messages.1'",
    ],
    ['media', 'No endpoints found that support image input'],
    [
      'media',
      'Failed to deserialize the JSON body into the target type: messages[2]: unknown variant `image_url`, expected `text` at line 1 column 901',
    ],
    ['media', 'The model returned the following errors: This model does not support images'],
    ['outputLimit', 'Invalid max_tokens value, the valid range of max_tokens is [1, 8192]'],
    [
      'outputLimit',
      'Unable to submit request because it has a maxOutputTokens value of 64000 but the supported range is from 1 (inclusive) to 8193 (exclusive). Update the value and try again.',
    ],
    ['outputLimit', 'Expected a value <= 16384, but got 50000 instead.'],
  ])(
    'a refusal that speaks of %s and nothing else holds for every request to the model: %s',
    (subject, message) => {
      expect(holds(subject, message)).toBe(true)
    },
  )

  test('a refusal that names the value of a header holds for every request to the model', () => {
    const message = 'Unexpected value(s) `new-thing-2026-11-01` for the `anthropic-beta` header.'
    expect(holds('betas', message, ['new-thing-2026-11-01'])).toBe(true)
  })
})

describe('a refusal may depend on the request', () => {
  test.each<[Subject, string]>([
    ['media', 'Images are not supported when tools are present.'],
    ['media', 'No endpoints found that support image input with your data policy'],
    ['media', 'Images are not supported in streaming mode'],
    ['outputLimit', 'max_tokens must be at most 4096 for requests with a prompt of 100000 tokens'],
    ['outputLimit', 'max_tokens must be at most 4096 without streaming'],
    ['outputLimit', 'max_tokens is limited to 1024 for your account while in trial'],
    ['reasoning', 'reasoning is not supported in messages of conversations with tools'],
    ['betas', 'The beta flag is invalid together with batches'],
  ])(
    'a refusal that speaks of %s and of something else may depend on the request: %s',
    (subject, message) => {
      expect(holds(subject, message)).toBe(false)
    },
  )
})
