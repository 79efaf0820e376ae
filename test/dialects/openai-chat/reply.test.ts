import { describe, expect, test } from 'vitest'

import { textPart, thinkingPart, toolDelta, toolStart } from '../../support/parts.ts'
import { call, readBody, readMessage, stop } from '../../support/readers/read-chat.ts'

describe('the content of a non-streaming completion', () => {
  test.each<[string, unknown, object[]]>([
    ['a text', 'Hi', [textPart('Hi')]],
    ['null', null, []],
    ['an empty text', '', []],
    [
      'parts',
      [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
      [textPart('a'), textPart('b')],
    ],
    ['an object', { a: [1] }, [textPart('{"a":[1]}')]],
    [
      'thinking and text',
      [
        { type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }], closed: true },
        { type: 'text', text: 'Hi' },
      ],
      [thinkingPart('Hm'), { signature: 'content' }, textPart('Hi')],
    ],
  ])('the content of a non-streaming completion may be %s', (_, content, parts) => {
    expect(readMessage({ role: 'assistant', content })).toEqual([...parts, stop('end_turn')])
  })

  test('the content of a non-streaming completion comes after the reasoning and before the tool calls', () => {
    expect(
      readMessage({
        tool_calls: [call({ id: 'x', name: 'f', arguments: '{"a":1}' })],
        content: 'Now',
        reasoning_content: 'Hm',
      }),
    ).toEqual([
      thinkingPart('Hm'),
      { signature: 'reasoning_content' },
      textPart('Now'),
      toolStart(0, 'f'),
      toolDelta(0, '{"a":1}'),
      stop('end_turn'),
    ])
  })
})

test('a refusal in a completion is shown, and the stop_reason is refusal', () => {
  expect(readMessage({ content: null, refusal: 'No.' })).toEqual([
    textPart('No.'),
    stop('refusal', { explanation: 'No.' }),
  ])
})

test('reasoning details of a completion are returned unmerged, though a stream would join them', () => {
  const details = [
    { type: 'reasoning.text', text: 'a', index: 0 },
    { type: 'reasoning.text', text: 'b', index: 0 },
    { type: 'reasoning.encrypted', data: 'xyz', index: 0 },
  ]
  expect(readMessage({ content: 'Hi', reasoning: 'ab', reasoning_details: details })).toEqual([
    thinkingPart('ab'),
    { signature: 'reasoning_details', state: details },
    textPart('Hi'),
    stop('end_turn'),
  ])
})

test('each entry of tool_calls in a completion is a call of its own, whatever its id and index', () => {
  const entry = call({ index: 0, id: '', name: 'f', arguments: '' })
  expect(readMessage({ tool_calls: [entry, entry] })).toEqual([
    toolStart(0, 'f'),
    toolStart(1, 'f'),
    stop('end_turn'),
  ])
})

test('several choices of a completion are parts of one answer', () => {
  expect(
    readBody({
      choices: [
        { finish_reason: 'tool_calls', message: { content: 'Let me see.' } },
        {
          finish_reason: 'tool_calls',
          message: { tool_calls: [call({ id: 'x', name: 'f', arguments: '{"a":1}' })] },
        },
        {
          finish_reason: 'tool_calls',
          message: { tool_calls: [call({ id: 'y', name: 'g', arguments: '{"b":2}' })] },
        },
      ],
    }),
  ).toEqual([
    textPart('Let me see.'),
    toolStart(0, 'f'),
    toolDelta(0, '{"a":1}'),
    { type: 'tool-end', call: 0 },
    toolStart(1, 'g'),
    toolDelta(1, '{"b":2}'),
    stop('tool_use'),
  ])
})

test.each(['', null, undefined])(
  'the finish reason %j completes a non-streaming answer',
  (finish_reason) => {
    expect(readMessage({ content: 'Hi' }, {}, { finish_reason })).toEqual([
      textPart('Hi'),
      stop('end_turn'),
    ])
  },
)

test('a completion has usage, and the client’s names of tools', () => {
  const message = { tool_calls: [call({ id: 'x', name: 'short', arguments: '{}' })] }
  const body = {
    choices: [{ message, finish_reason: 'tool_calls' }],
    usage: { prompt_tokens: 3, completion_tokens: 4 },
  }
  const counted = { input: 3, output: 4, cacheRead: 0, cacheWrite: 0, thinking: 0 }
  expect(readBody(body, { names: { short: 'a_long_name' } })).toEqual([
    toolStart(0, 'a_long_name'),
    { type: 'usage', usage: counted },
    toolDelta(0, '{}'),
    stop('tool_use', { usage: counted }),
  ])
})

describe('a body that is no completion', () => {
  test.each([null, 7, 'text', [], {}, { choices: [] }, { choices: [null] }, { choices: 'x' }])(
    'a body that is no completion is an invalid response: %j',
    (body) => {
      expect(readBody(body)).toMatchObject([
        { type: 'failure', failure: { kind: 'upstream_invalid_response', provider: 'lab' } },
      ])
    },
  )

  test.each<[string, unknown, object]>([
    ['an error', { error: { message: 'Busy', code: 529 } }, { status: 529 }],
    ['an error in an array', [{ error: { message: 'Busy', code: 529 } }], { status: 529 }],
    [
      'an error in a choice',
      { choices: [{ error: { message: 'Busy', code: 529 }, finish_reason: 'error' }] },
      { status: 529 },
    ],
    [
      'a code of the provider',
      { base_resp: { status_code: 1002, status_msg: 'rate limit' }, choices: null },
      { status: 429, message: 'lab: rate limit' },
    ],
    [
      'a list of errors',
      { success: false, result: null, errors: [{ code: 3040, message: 'Capacity exceeded' }] },
      { status: 529, message: 'lab: Capacity exceeded' },
    ],
    [
      'a detail',
      { detail: 'Not authenticated' },
      { status: 502, message: 'lab: Not authenticated' },
    ],
  ])('a body that is no completion may be %s', (_, body, failure) => {
    expect(readBody(body)).toMatchObject([{ type: 'failure', failure }])
  })

  test('a body that is no completion may be a context overflow', () => {
    const message = "This model's maximum context length is 100 tokens. However, you requested 120"
    expect(readBody({ error: { message } })).toMatchObject([
      {
        failure: {
          status: 400,
          type: 'invalid_request_error',
          message: 'prompt is too long: 120 tokens > 100 maximum',
        },
      },
    ])
  })
})
