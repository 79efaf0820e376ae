/** At the bounds of what counts as a refusal of content: the status, the subject, and the refusing words. */
// cspell:ignore unrecognised -- as some servers spell it
import { describe, expect, test } from 'vitest'

import {
  findRefusedBetas,
  findRefusedMedia,
  refusesOutputFormat,
  refusesReasoningInHistory,
  wantsReasoningBack,
} from '../../../src/exchange/policy/refused-content.ts'

const openai = (message: string, status = 400) => ({
  status,
  body: JSON.stringify({ error: { message } }),
})

describe('images are refused', () => {
  test.each([
    'image content: expected text',
    'image content: expected `text`',
    "image content: expected 'text'",
    'image content: expected string',
    'image content: expected a string',
    'images: m is not multimodal',
    'images: m is not multi-modal',
    'images: m is not a multi-modal model',
    'images: m is not vision capable',
    'images: m is text only',
    'images: m is text-only',
    'images: m accepts only text',
    'images: m only supports text',
    'images: m only accepts text',
    'images: m only support text',
    'm does not accept images',
    'm does not have vision',
    'm does not take images',
    'm cannot accept images',
    'm cannot process images',
    'm cannot read images',
    'm cannot see images',
    'm cannot handle images',
    'vision is not enabled',
    'images are only supported by other models',
    'images are only supported for other models',
    'images are only supported on other models',
    'images are only supported in other models',
  ])('a refusal of images is recognized: %s', (message) => {
    expect(findRefusedMedia(openai(message), ['image', 'pdf'])).toBe('image')
  })

  test.each(['the image shows nothing', 'image content: expected texture'])(
    'an error that is no refusal of images is not taken for one: %s',
    (message) => {
      expect(findRefusedMedia(openai(message), ['image', 'pdf'])).toBeUndefined()
    },
  )
})

describe('a refusal of content is none', () => {
  test.each([401, 429, 503])('an error with status %i is no refusal of content', (status) => {
    const reasoning = 'messages.1.reasoning_content is not supported'
    expect(refusesReasoningInHistory(openai(reasoning, status))).toBe(false)
    expect(wantsReasoningBack(openai('thinking must be passed back', status))).toBe(false)
    expect(refusesOutputFormat(openai('response_format is not supported', status))).toBe(false)
    expect(
      findRefusedBetas(openai('invalid beta flag', status), ['new-2026-11-01']),
    ).toBeUndefined()
  })

  test('an error that only names content is no refusal of it', () => {
    expect(refusesReasoningInHistory(openai('messages.1.reasoning_content is 3 long'))).toBe(false)
    expect(refusesOutputFormat(openai('response_format is an object'))).toBe(false)
    expect(wantsReasoningBack(openai('thinking is enabled'))).toBe(false)
    expect(findRefusedBetas(openai('the beta is over'), ['new-2026-11-01'])).toBeUndefined()
  })

  test('an error that refuses something else is no refusal of content', () => {
    expect(refusesReasoningInHistory(openai('messages.1.name is not supported'))).toBe(false)
    expect(refusesReasoningInHistory(openai('reasoning effort is not supported'))).toBe(false)
    expect(refusesOutputFormat(openai('temperature is not supported'))).toBe(false)
    expect(wantsReasoningBack(openai('temperature is missing'))).toBe(false)
    expect(findRefusedBetas(openai('invalid temperature'), ['new-2026-11-01'])).toBeUndefined()
  })
})

test('reasoning in a single message is refused as in several', () => {
  expect(refusesReasoningInHistory(openai('message 1: reasoning is not supported'))).toBe(true)
})

test.each([
  'responseFormat',
  'response_format',
  'text.format',
  'output_config',
  'outputConfig',
  'output_format',
  'json_schema',
  'jsonSchema',
  'structured output',
  'structured_outputs',
  'structuredOutput',
  'responseSchema',
  'responseJsonSchema',
])('structured output is refused where it is called %s', (name) => {
  expect(refusesOutputFormat(openai(`${name} is not supported`))).toBe(true)
})

describe('beta flags are refused', () => {
  test.each(['invalid', 'unexpected', 'unsupported', 'unknown', 'unrecognized', 'unrecognised'])(
    'a refusal of beta flags is recognized: %s',
    (word) => {
      expect(findRefusedBetas(openai(`${word} beta`), ['new-2026-11-01'])).toBe('all')
      expect(findRefusedBetas(openai(`${word} anthropic_beta_flags`), ['new-2026-11-01'])).toBe(
        'all',
      )
      expect(findRefusedBetas(openai(`${word} anthropic-beta`), ['new-2026-11-01'])).toBe('all')
    },
  )

  test('an error is a refusal of beta flags only if some were sent', () => {
    expect(findRefusedBetas(openai('invalid beta flag'), [])).toBeUndefined()
  })
})
