/** What is recognized in refusals, in the words of many servers; and what is not, in words that are near. */
import { describe, expect, test } from 'vitest'

import { withoutRefusedThinkingBlocks } from '../../../src/anthropic/request/thinking-blocks.ts'
import {
  findRefusedBetas,
  findRefusedMedia,
  refusesOutputFormat,
  refusesReasoningInHistory,
  wantsReasoningBack,
} from '../../../src/exchange/policy/refused-content.ts'

const openai = (message: string, status = 400) => ({
  status,
  body: JSON.stringify({ error: { message, type: 'invalid_request_error' } }),
})

describe('findRefusedMedia', () => {
  test.each([
    openai(
      'Failed to deserialize the JSON body into the target type: messages[2]: unknown variant `image_url`, expected `text` at line 1 column 901',
    ),
    openai('No endpoints found that support image input', 404),
    openai(
      'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj',
      500,
    ),
    openai('This model does not support images.'),
    openai('deepseek-v4 is not a multimodal model'),
    openai('The model `llama-3.3-70b-versatile` does not support vision inputs'),
    openai('Invalid content type. image_url is only supported by certain models.'),
    openai(
      'messages.0.content must be a string: this model is text-only and cannot accept image content',
    ),
    {
      status: 422,
      body: JSON.stringify({
        detail: [
          {
            type: 'literal_error',
            loc: ['body', 'messages', 0, 'content', 0, 'type'],
            msg: "Input should be 'text', image_url is not allowed",
          },
        ],
      }),
    },
  ])('findRefusedMedia finds the refused media: $body', (refusal) => {
    expect(findRefusedMedia(refusal, ['image', 'pdf'])).toBe('image')
  })

  test.each([
    openai('messages.0.content.1.image.source.base64: image exceeds 5 MB maximum'),
    openai('Unsupported image media type: image/tiff'),
    openai('Could not download image: the URL is not allowed by robots.txt'),
    openai('tools.0: image_generation is not supported with this model.'),
    openai('Invalid value for temperature'),
    openai('Rate limit for images: not allowed', 429),
    openai('messages.0.content.1.document: The PDF is encrypted, which is not supported'),
    openai('A maximum of 100 PDF pages may be provided; more are not supported.'),
    openai('Unsupported file format: application/x-tar'),
    openai('tools.0: the tool read_file is not supported.'),
  ])('findRefusedMedia is undefined for other errors: $body', (refusal) => {
    expect(findRefusedMedia(refusal, ['image', 'pdf'])).toBeUndefined()
  })

  test.each([
    openai('unknown variant `file`, expected `text` or `image_url` at line 1 column 901'),
    openai('Unknown part type: file'),
    openai("Invalid content type 'document_url'. Only 'text' and 'image_url' are supported."),
    { status: 400, body: JSON.stringify({ message: "This model doesn't support documents." }) },
    openai('PDF input is not supported by this model.'),
    openai('No endpoints found that support file input', 404),
    {
      status: 422,
      body: JSON.stringify({
        detail: [
          { type: 'literal_error', loc: ['body', 'input'], msg: 'input_file is not allowed' },
        ],
      }),
    },
  ])('findRefusedMedia finds that PDFs are refused, and images are not: $body', (refusal) => {
    expect(findRefusedMedia(refusal, ['image', 'pdf'])).toBe('pdf')
    expect(findRefusedMedia(refusal, ['pdf'])).toBe('pdf')
  })
})

describe('refusesReasoningInHistory', () => {
  test.each([
    openai(
      "'messages.1' : for 'role:assistant' the following must be satisfied[('messages.1' : property 'reasoning' is unsupported)]",
    ),
    openai('Additional properties are not allowed: messages[1].reasoning_content was unexpected'),
    openai('Unrecognized request argument: messages.2.reasoning_details'),
    openai('messages.3.assistant.thinking_blocks: Extra inputs are not permitted'),
    {
      status: 422,
      body: JSON.stringify({
        detail: [
          {
            type: 'extra_forbidden',
            loc: ['body', 'messages', 1, 'assistant', 'reasoning_content'],
            msg: 'Extra inputs are not permitted',
          },
        ],
      }),
    },
  ])('refusesReasoningInHistory recognizes a refusal: $body', (refusal) => {
    expect(refusesReasoningInHistory(refusal)).toBe(true)
    expect(wantsReasoningBack(refusal)).toBe(false)
  })

  test.each([
    openai("Unsupported parameter: 'reasoning_effort' is not supported with this model."),
    openai(
      'thinking is enabled but reasoning_content is missing in assistant tool call message at index 2',
    ),
    openai('The `content[].thinking` in the thinking mode must be passed back to the API.'),
  ])('refusesReasoningInHistory is false for other errors: $body', (refusal) => {
    expect(refusesReasoningInHistory(refusal)).toBe(false)
  })
})

test.each([
  openai('The `content[].thinking` in the thinking mode must be passed back to the API.'),
  openai(
    'thinking is enabled but reasoning_content is missing in assistant tool call message at index 2',
  ),
  openai('The reasoning_content in the thinking mode must be passed back to the API.'),
  openai(
    'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block.',
  ),
])('a request for the reasoning of earlier tool calls is recognized: $body', (refusal) => {
  expect(wantsReasoningBack(refusal)).toBe(true)
})

test.each([
  'response_format type is unavailable now',
  'This model does not support response_format `json_schema`',
  "'response_format' of type 'json_schema' is not supported with this model",
  'output_config.format: Extra inputs are not permitted',
])('a refusal of structured output is recognized: %s', (message) => {
  expect(refusesOutputFormat(openai(message))).toBe(true)
})

test('a client’s invalid schema is not a refusal of structured output', () => {
  const message =
    "Invalid schema for response_format 'output': In context=(), 'additionalProperties' is required to be supplied and to be false. 'minLength' is not permitted."
  expect(refusesOutputFormat(openai(message))).toBe(false)
})

describe('findRefusedBetas', () => {
  const sent = ['some-new-thing-2026-11-01', 'context-1m-2025-08-07']
  test.each([
    [
      'Unexpected value(s) `some-new-thing-2026-11-01` for the `anthropic-beta` header.',
      ['some-new-thing-2026-11-01'],
    ],
    ['invalid beta flag', 'all'],
    ['The provided request has unsupported beta headers', 'all'],
  ])('findRefusedBetas finds the refused betas: %s', (message, betas) => {
    expect(findRefusedBetas(openai(message), sent)).toEqual(betas)
  })

  test.each(['context_management: Extra inputs are not permitted', 'invalid alphabet'])(
    'findRefusedBetas finds nothing in other errors: %s',
    (message) => {
      expect(findRefusedBetas(openai(message), sent)).toBeUndefined()
    },
  )
})

describe('withoutRefusedThinkingBlocks', () => {
  const json = {
    messages: [
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'x' },
          { type: 'text', text: 'y' },
        ],
      },
    ],
  }
  test.each([
    'messages.1.content.0: Invalid `signature` in `thinking` block',
    '***.***.content.0: Invalid `signature` in `thinking` block',
    'messages.3.content.0.thinking.signature: Field required',
    'The encrypted content for item rs_dev could not be verified.',
    '[invalid_request_error] The reasoning `encrypted_content` was not issued to this caller.',
    'The encrypted_content of reasoning item rs_1 has expired',
    'Thought signature is not valid.',
    'Corrupted thought signature.',
    'Failed to decrypt: invalid thought_signature',
    'The signature of the thinking block could not be verified',
  ])('withoutRefusedThinkingBlocks omits the reasoning that an error refuses: %s', (message) => {
    expect(withoutRefusedThinkingBlocks(openai(message), json)).toEqual({
      messages: [{ role: 'assistant', content: [{ type: 'text', text: 'y' }] }],
    })
  })

  test.each([
    'Signature expired: 20261128T000000Z is now earlier',
    'temperature: Field required',
    'The content is invalid',
  ])('withoutRefusedThinkingBlocks finds nothing in other errors: %s', (message) => {
    expect(withoutRefusedThinkingBlocks(openai(message), json)).toBeUndefined()
  })
})
