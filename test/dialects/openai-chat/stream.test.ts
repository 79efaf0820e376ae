import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Part } from '../../../src/anthropic/answer/part.ts'
import type { UpstreamEvent } from '../../../src/dialects/dialect.ts'
import { createReader } from '../../../src/dialects/openai-chat/response/stream.ts'
import { SseDecoder } from '../../../src/streaming/decode/sse.ts'
import { textPart, toolDelta, toolStart } from '../../support/parts.ts'
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

describe('the start of a chat stream', () => {
  test('the start of a chat stream is the first chunk that is not an error', () => {
    const parts: Part[] = []
    const reader = createReader(target(), context())
    parts.push(...reader.read({ data: '{"type":"ping"}' }))
    expect(parts).toEqual([])
    parts.push(
      ...reader.read({ data: '{"id":"","model":"","choices":[],"prompt_filter_results":[]}' }),
    )
    expect(parts).toEqual([{ type: 'start' }])
  })

  test('the start of a chat stream is not emitted before an error', () => {
    const parts: Part[] = []
    parts.push(...createReader(target(), context()).read({ data: '{"error":{"message":"no"}}' }))
    expect(parts.map(({ type }) => type)).toEqual(['failure'])
  })
})

describe('text in a chat stream', () => {
  test('text in a chat stream may be an object', () => {
    expect(readStream([delta({ content: { a: 1 } }), finish('stop')])).toEqual([
      textPart('{"a":1}'),
      stop('end_turn'),
    ])
  })
})

describe('the end of a chat stream', () => {
  const hi = delta({ content: 'Hi' })
  const cut = { type: 'failure', failure: { kind: 'upstream_truncated', provider: 'lab' } }

  test('the end of a chat stream has the usage of each chunk before a failure, also of the chunk with the error', () => {
    const at = (tokens: number) => ({ prompt_tokens: 640, completion_tokens: tokens })
    const error = {
      error: { message: 'overloaded', code: 503 },
      usage: at(3),
      service_tier: 'flex',
    }
    expect(
      readStream([
        { ...delta({ content: 'one' }), usage: at(1) },
        delta({ content: 'two' }),
        error,
      ]),
    ).toMatchObject([
      textPart('one'),
      { type: 'usage', usage: { input: 640, output: 1 } },
      textPart('two'),
      { type: 'usage', usage: { input: 640, output: 3, terms: { service_tier: 'flex' } } },
      { type: 'failure' },
    ])
  })

  test('the end of a chat stream has the most important of several finish reasons', () => {
    expect(readStream([hi, finish('length'), finish('stop')]).at(-1)).toEqual(stop('max_tokens'))
    expect(readStream([finish('stop'), hi, finish('stop')]).at(-1)).toEqual(stop('end_turn'))
  })

  test('the end of a chat stream without a finish reason is a truncated response, not a short answer', () => {
    expect(readStream([hi], { done: false })).toEqual([textPart('Hi'), cut])
    expect(readStream([], { done: false })).toEqual([cut])
    expect(readStream([])).toEqual([cut])
    expect(readStream([delta({ content: '' })])).toEqual([cut])
  })

  test('the end of a chat stream without a finish reason is complete if [DONE] follows content', () => {
    expect(readStream([hi])).toEqual([textPart('Hi'), stop('end_turn')])
    expect(readStream([delta({ content: 'Hi' }, { finish_reason: '' })])).toEqual([
      textPart('Hi'),
      stop('end_turn'),
    ])
  })

  test('the end of a chat stream without a finish reason is complete with the quirk finish_optional', () => {
    const quirks = { finish_optional: true }
    expect(readStream([hi], { done: false, quirks })).toEqual([textPart('Hi'), stop('end_turn')])
    expect(readStream([], { done: false, quirks })).toEqual([cut])
  })

  test('the end of a chat stream of a broken connection is incomplete even with the quirk finish_optional', () => {
    const reader = createReader(target({ finish_optional: true }), context())
    reader.read({ data: JSON.stringify(hi) })
    expect(reader.end(true).at(-1)).toEqual(cut)
  })

  test.each([
    ['{"a":1}', '{"a":1}'],
    ['"{\\"a\\":1}"', '{"a":1}'],
    ['{}', '{}'],
    ['', ''],
  ])(
    'the end of a chat stream with [DONE] after a complete tool call is complete: %j',
    (json, emitted) => {
      const said = calls(call({ index: 0, id: 'x', name: 'f', arguments: json }))
      expect(readStream([said])).toEqual([
        toolStart(0, 'f'),
        ...(emitted === '' ? [] : [toolDelta(0, emitted)]),
        stop('end_turn'),
      ])
    },
  )

  test('the end of a chat stream by the token limit is reported even in a refusal', () => {
    expect(readStream([delta({ refusal: 'No' }), finish('length')]).at(-1)).toEqual(
      stop('max_tokens', { explanation: 'No' }),
    )
  })

  test('the end of a chat stream has the stop sequence if the provider reports it', () => {
    const choice = (fields: object) =>
      delta({ content: 'Hi' }, { finish_reason: 'stop', ...fields })
    expect(readStream([choice({ stop_reason: '###' })]).at(-1)).toEqual(
      stop('stop_sequence', { sequence: '###' }),
    )
    expect(readStream([choice({ matched_stop: 'END' })]).at(-1)).toEqual(
      stop('stop_sequence', { sequence: 'END' }),
    )
    for (const stop_reason of [null, 128009, 'stop', 'end_turn', '']) {
      expect(readStream([choice({ stop_reason })]).at(-1)).toEqual(stop('end_turn'))
    }
  })
})

describe('the bytes of a chat stream', () => {
  const said = [
    delta({ role: 'assistant', content: '' }),
    delta({ reasoning: 'Überlegung 思考 🤔' }),
    delta({ content: 'Grüße, 世界 👋' }),
    calls(call({ index: 0, id: 'x', name: 'f', arguments: '{"ä":"' })),
    calls(call({ index: 0, arguments: '日本"}' })),
    finish('tool_calls'),
    { choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } },
  ]
  const bytes = new TextEncoder().encode(
    [
      ': hello',
      '',
      ...said.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n`),
      'data: [DONE]',
      '',
    ].join('\r\n'),
  )

  function readPieces(cuts: readonly number[]): object[] {
    const reader = createReader(target(), context())
    const parts: Part[] = []
    const onEvent = (event: UpstreamEvent): void => {
      parts.push(...reader.read(event))
    }
    const decoder = new SseDecoder({ onEvent, onDocument: () => {}, onInvalid: () => {} })
    const ends = [...new Set([...cuts, bytes.length])].sort((a, b) => a - b)
    ends.reduce((start, end) => {
      decoder.write(bytes.subarray(start, end))
      return end
    }, 0)
    decoder.end()
    parts.push(...reader.end())
    return parts
  }

  test('the bytes of a chat stream may be split anywhere', () => {
    const whole = readPieces([])
    expect(whole).toHaveLength(9)
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => {
        expect(readPieces(cuts)).toEqual(whole)
      }),
    )
  })
})
