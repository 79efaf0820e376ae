import { describe, expect, test } from 'vitest'

import {
  findRefusedFields,
  holdsForAll,
  withoutRefused,
} from '../../../src/exchange/policy/refused-field.ts'

const sent = {
  model: 'm',
  messages: [],
  tools: [],
  tool_choice: 'auto',
  temperature: 0.2,
  max_tokens: 100,
  stop: ['x'],
  user: 'u',
  store: false,
  stream_options: { include_usage: true },
  reasoning_effort: 'high',
  reasoning: { effort: 'high' },
  prompt_cache_key: 'k',
  presence_penalty: 1,
}

const openai = (message: string, more: object = {}): object => ({ error: { message, ...more } })

function find(body: unknown, status = 400) {
  return findRefusedFields({ status, body: JSON.stringify(body) }, sent)[0]
}

describe('an error about a field', () => {
  test.each([
    [
      'by its param',
      openai("Unsupported parameter: 'temperature' is not supported with this model.", {
        param: 'temperature',
        code: 'unsupported_parameter',
      }),
      { field: 'temperature' },
    ],
    [
      'by its value, where only that is refused',
      openai("Unsupported value: 'temperature' does not support 0.2 with this model.", {
        param: 'temperature',
        code: 'unsupported_value',
      }),
      { field: 'temperature', value: '0.2' },
    ],
    [
      'by a param inside it',
      openai("Unsupported parameter: 'reasoning.effort' is not supported.", {
        param: 'reasoning.effort',
      }),
      { field: 'reasoning' },
    ],
    [
      'with the name that takes its place',
      openai("Unsupported parameter: 'max_tokens' is not supported with this model."),
      { field: 'max_tokens', instead: 'max_completion_tokens' },
    ],
    [
      'as an argument',
      openai('Unrecognized request argument supplied: prompt_cache_key'),
      { field: 'prompt_cache_key' },
    ],
    [
      'in an array',
      [openai('Invalid JSON payload received. Unknown name "store": Cannot find field.')],
      { field: 'store' },
    ],
    [
      'before a colon',
      openai('stream_options: Extra inputs are not permitted'),
      { field: 'stream_options' },
    ],
    [
      'by its place',
      { detail: [{ type: 'extra_forbidden', loc: ['body', 'user'], msg: 'Extra inputs …' }] },
      { field: 'user' },
    ],
    [
      'in other spelling',
      { code: 'x', error: 'Argument not supported on this model: presencePenalty' },
      { field: 'presence_penalty' },
    ],
    [
      'as one that goes with nothing',
      openai('Thinking mode does not support this tool_choice'),
      { field: 'tool_choice' },
    ],
    ['in backticks', openai('unknown field `stop`, expected …'), { field: 'stop' }],
  ])('an error about a field names the field: %s', (_, body, expected) => {
    expect(find(body)).toEqual(expected)
    expect(find(body, 422)).toEqual(expected)
    expect(find(body, 500)).toBeUndefined()
  })

  test.each([
    ['what there is no request without', openai("Unsupported parameter: 'tools'.")],
    ['what is inside a message', openai('Unknown name "x"', { param: 'messages.0.content' })],
    ['a field that was not sent', openai("Unsupported parameter: 'logprobs'")],
    [
      'a word of a sentence',
      openai('images in user messages are not supported, nor can one store'),
    ],
    ['another complaint', openai('temperature: must be at most 1')],
    ['a limit that is too high', openai('bad', { param: 'max_tokens', code: 'unsupported_value' })],
    ['nonsense', 'nonsense'],
  ])('an error about a field names no field in the case of %s', (_, body) => {
    expect(find(body)).toBeUndefined()
  })
})

test('a request is sent without the refused field, or with its replacement', () => {
  const refused = [
    { field: 'max_tokens', instead: 'max_completion_tokens' },
    { field: 'temperature', value: '0.2' },
    { field: 'user' },
  ]
  const body = { model: 'm', max_tokens: 100, temperature: 1, user: 'u' }
  expect(withoutRefused(body, refused)).toEqual({
    body: { model: 'm', max_completion_tokens: 100, temperature: 1 },
    found: [refused[0], refused[2]],
  })
})

describe('a refused field', () => {
  test.each([
    ["Unsupported parameter: 'top_p' is not supported with this model."],
    ["'top_p' is not supported with gpt-5-mini."],
    ['Unrecognized request argument supplied: top_p'],
    ['Invalid JSON payload received. Unknown name "top_p": Cannot find field.'],
    ['top_p: Extra inputs are not permitted'],
    ['top_p is not supported. For more details, see https://docs.test/when-to-use-it.'],
  ])('a refused field is remembered if the model never accepts it: %s', (message) => {
    const body = JSON.stringify(openai(message))
    expect(holdsForAll({ status: 400, body }, [{ field: 'top_p' }])).toBe(true)
  })

  test.each([
    ["'top_p' is not supported with function tools for this model."],
    ['`top_p` cannot be set when thinking is enabled, and is not supported'],
    ['top_p is not supported together with temperature'],
    ["Unsupported parameter: 'top_p' is not supported with reasoning_effort high"],
    ['top_p is not allowed for streaming requests'],
    ['top_p and presence_penalty: not supported'],
    ['top_p is not supported for requests with a JSON schema'],
    ['top_p is not supported in batches'],
    ['top_p is not allowed for this organization'],
    ['top_p is not supported beyond 100 messages of history'],
  ])('a refused field is not remembered if the refusal depends on the request: %s', (message) => {
    const body = JSON.stringify(openai(message))
    expect(holdsForAll({ status: 400, body }, [{ field: 'top_p' }])).toBe(false)
  })

  test('a refused field is not remembered with a long value, which is the client’s own', () => {
    const body = JSON.stringify(openai('Unsupported value: user'))
    const refused = [{ field: 'user', value: JSON.stringify('x'.repeat(40)) }]
    expect(holdsForAll({ status: 400, body }, refused)).toBe(false)
  })
})

test('an error in a schema is no refusal of the field that contains it', () => {
  const body = openai("Invalid schema for 'store': 'minimum' is not permitted.", { param: 'store' })
  expect(findRefusedFields({ status: 400, body: JSON.stringify(body) }, sent)).toEqual([])
})
