import { describe, expect, test } from 'vitest'

import type { Part } from '../../../src/anthropic/answer/part.ts'
import { readSignature } from '../../../src/anthropic/signature.ts'
import { createReader } from '../../../src/dialects/openai-chat/response/stream.ts'
import { textPart, thinkingPart, toolDelta, toolEnd, toolStart } from '../../support/parts.ts'
import {
  call,
  calls,
  context,
  delta,
  finish,
  readStream,
  stop,
  target,
} from '../../support/readers/read-chat.ts'

describe('reasoning in a chat stream', () => {
  test.each([
    ['reasoning_content', { reasoning_content: 'Hm' }],
    ['reasoning', { reasoning: 'Hm' }],
    ['reasoning_text', { reasoning_text: 'Hm' }],
    ['content', { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] }] }],
    ['content', { content: [{ type: 'thinking', thinking: 'Hm' }] }],
  ])(
    'reasoning in a chat stream in %s is thinking with that field in its signature',
    (field, fields) => {
      expect(readStream([delta(fields), delta({ content: 'Hi' }), finish('stop')])).toEqual([
        thinkingPart('Hm'),
        { signature: field },
        textPart('Hi'),
        stop('end_turn'),
      ])
    },
  )

  test('reasoning in a chat stream has provider and model in its signature', () => {
    const parts: Part[] = []
    const reader = createReader(target(), context())
    parts.push(...reader.read({ data: JSON.stringify(delta({ reasoning: 'Hm' })) }))
    parts.push(...reader.read({ data: JSON.stringify(finish('stop')) }))
    parts.push(...reader.end())
    const signed = parts.find((part) => part.type === 'signature')
    expect(readSignature(signed?.signature)).toEqual({
      d: 'openai-chat',
      p: 'lab',
      m: 'model-1',
      f: 'reasoning',
    })
  })

  test('reasoning in a chat stream that is sent in two fields is emitted once', () => {
    const entry = { type: 'reasoning.text', text: 'Hm', format: 'unknown', index: 0 }
    expect(
      readStream([
        delta({ reasoning: 'Hm', reasoning_content: 'Hm', reasoning_details: [entry] }),
        delta({ reasoning: 'Hm' }),
        finish('stop'),
      ]),
    ).toEqual([
      thinkingPart('Hm'),
      { signature: 'reasoning_details', state: [entry] },
      stop('end_turn'),
    ])
  })
})

describe('reasoning_details in a chat stream', () => {
  const piece = (fields: object) => delta({ reasoning_details: [fields] })

  test('reasoning_details in a chat stream are merged by type and index, with fields of later deltas', () => {
    expect(
      readStream([
        piece({ type: 'reasoning.text', text: 'Hm', format: 'anthropic-claude-v1', index: 0 }),
        piece({ type: 'reasoning.text', text: ', yes', format: 'anthropic-claude-v1', index: 0 }),
        piece({ type: 'reasoning.text', signature: 'sig', index: 0 }),
        piece({ type: 'reasoning.text', text: 'And', index: 1 }),
        piece({ type: 'reasoning.encrypted', data: 'xyz', id: 'rs_1', index: 0 }),
        delta({ content: 'Hi' }),
        finish('stop'),
      ]),
    ).toEqual([
      thinkingPart('Hm'),
      thinkingPart(', yes'),
      thinkingPart('And'),
      {
        signature: 'reasoning_details',
        state: [
          {
            type: 'reasoning.text',
            text: 'Hm, yes',
            format: 'anthropic-claude-v1',
            index: 0,
            signature: 'sig',
          },
          { type: 'reasoning.text', text: 'And', index: 1 },
          { type: 'reasoning.encrypted', data: 'xyz', id: 'rs_1', index: 0 },
        ],
      },
      textPart('Hi'),
      stop('end_turn'),
    ])
  })

  test('reasoning_details in a chat stream that are encrypted are signed before the tool call that follows', () => {
    const entry = { type: 'reasoning.encrypted', data: 'xyz', index: 0 }
    expect(
      readStream([
        piece(entry),
        calls(call({ index: 0, id: 'a', name: 'f', arguments: '{}' })),
        finish('stop'),
      ]),
    ).toEqual([
      { signature: 'reasoning_details', state: [entry] },
      toolStart(0, 'f'),
      toolDelta(0, '{}'),
      stop('end_turn'),
    ])
  })

  test('reasoning_details in a chat stream that arrive late have another signature, which includes the earlier ones', () => {
    const first = { type: 'reasoning.summary', summary: 'Hm', index: 0 }
    const late = { type: 'reasoning.encrypted', data: 'xyz', index: 0 }
    expect(
      readStream([
        piece(first),
        delta({ content: 'Hi' }),
        piece(late),
        piece(late),
        finish('stop'),
      ]),
    ).toEqual([
      thinkingPart('Hm'),
      { signature: 'reasoning_details', state: [first] },
      textPart('Hi'),
      { signature: 'reasoning_details', state: [first, late] },
      stop('end_turn'),
    ])
  })

  test('reasoning_details in a chat stream of different ids are not merged', () => {
    const entries = ['a', 'b'].map((id) => ({
      type: 'reasoning.encrypted',
      data: id,
      id,
      index: 0,
    }))
    expect(readStream([...entries.map(piece), delta({ content: 'x' }), finish('stop')])).toEqual([
      { signature: 'reasoning_details', state: entries },
      textPart('x'),
      stop('end_turn'),
    ])
  })
})

describe('provider state in a chat stream', () => {
  test('provider state in a chat stream of the reasoning is in its signature', () => {
    expect(
      readStream([
        delta({ reasoning_text: 'Hm' }),
        delta({ reasoning_opaque: 'xyz' }),
        delta({ content: 'Hi' }),
        finish('stop'),
      ]),
    ).toEqual([
      thinkingPart('Hm'),
      { signature: 'reasoning_text', state: { reasoning_opaque: 'xyz' } },
      textPart('Hi'),
      stop('end_turn'),
    ])
  })

  test('provider state in a chat stream of a tool call is in a signature before that call', () => {
    const signed = {
      ...call({ index: 0, id: 'a', name: 'f', arguments: '{"a":1}' }),
      extra_content: { google: { thought_signature: 'xyz' } },
    }
    expect(
      readStream([calls(signed, call({ index: 1, id: 'b', name: 'f' })), finish('stop')]),
    ).toEqual([
      {
        signature: 'tool_calls',
        state: { extra_content: { google: { thought_signature: 'xyz' } } },
      },
      toolStart(0, 'f'),
      toolDelta(0, '{"a":1}'),
      toolEnd(0),
      toolStart(1, 'f'),
      stop('end_turn'),
    ])
  })

  test('provider state in a chat stream of a content part is in the signature with the part’s type', () => {
    const part = {
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: 'Hm', signature: 'xyz' }],
    }
    expect(
      readStream([delta({ content: [part] }), delta({ content: 'Hi' }), finish('stop')]),
    ).toEqual([
      thinkingPart('Hm'),
      { signature: 'content', state: { type: 'reasoning', signature: 'xyz' } },
      textPart('Hi'),
      stop('end_turn'),
    ])
  })

  test('provider state in a chat stream of the message has a signature of its own without reasoning', () => {
    expect(
      readStream([
        delta({ content: 'Hi', extra_content: { google: { thought_signature: 'x' } } }),
        finish('stop'),
      ]),
    ).toEqual([
      { signature: 'message', state: { extra_content: { google: { thought_signature: 'x' } } } },
      textPart('Hi'),
      stop('end_turn'),
    ])
  })
})
