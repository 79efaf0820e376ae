import { describe, expect, test } from 'vitest'

import { call, message, readItems, readWhole } from '../../support/readers/read-responses.ts'

const start = { type: 'start' }

describe('a non-streaming response', () => {
  test('a non-streaming response is read item by item', () => {
    const usage = { input: 3, output: 4, cacheRead: 0, cacheWrite: 0, thinking: 0 }
    expect(
      readItems(
        [
          { type: 'reasoning', id: 'rs_1', summary: [{ text: 'A' }, { text: 'B' }] },
          { ...message, content: [{ type: 'output_text', text: 'Let me.' }] },
          call('a', '{"b":1}'),
          call('c', ''),
        ],
        { usage: { input_tokens: 3, output_tokens: 4 } },
      ),
    ).toEqual([
      { type: 'usage', usage },
      start,
      { type: 'thinking-delta', text: 'A\n\nB' },
      {
        signature: 'reasoning',
        state: { item: { id: 'rs_1', summary: [{ text: 'A' }, { text: 'B' }] } },
      },
      { type: 'text-delta', text: 'Let me.' },
      { type: 'tool-start', call: 0, id: 'toolu_0', name: 'a' },
      { type: 'tool-delta', call: 0, json: '{"b":1}' },
      { type: 'tool-end', call: 0 },
      { type: 'tool-start', call: 1, id: 'toolu_1', name: 'c' },
      { type: 'tool-end', call: 1 },
      { type: 'stop', reason: 'end_turn', usage },
    ])
  })

  test('a non-streaming response may be a refusal', () => {
    const content = [{ type: 'refusal', refusal: 'No.' }]
    expect(readItems([{ ...message, content }]).at(-1)).toEqual({
      type: 'stop',
      reason: 'refusal',
      explanation: 'No.',
    })
  })

  test('a non-streaming response may lack a status', () => {
    expect(readWhole({ output: [] })).toEqual([start, { type: 'stop', reason: 'end_turn' }])
  })

  test.each(['queued', 'in_progress', 'cancelled'])(
    'a non-streaming response with status %s is a failure',
    (status) => {
      expect(readItems([], { status })).toMatchObject([{ failure: { kind: 'upstream_truncated' } }])
    },
  )

  test('a non-streaming response may be a failure', () => {
    const error = { code: 'server_error', message: 'Sorry.' }
    const failure = { kind: 'upstream_error', status: 500, message: 'lab: Sorry.' }
    expect(readItems([], { status: 'failed', error })).toMatchObject([{ failure }])
    expect(readWhole({ error })).toMatchObject([{ failure }])
  })

  test.each([[{}], [[]], ['text'], [null], [{ choices: [] }]])(
    'a non-streaming response cannot be %j',
    (body) => {
      expect(readWhole(body)).toMatchObject([{ failure: { kind: 'upstream_invalid_response' } }])
    },
  )
})
