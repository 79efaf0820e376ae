import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Part } from '../../../src/anthropic/answer/part.ts'
import { readSignature } from '../../../src/anthropic/signature.ts'
import type { UpstreamEvent } from '../../../src/dialects/dialect.ts'
import { createReader } from '../../../src/dialects/openai-chat/response/stream.ts'
import { SseDecoder } from '../../../src/streaming/decode/sse.ts'
import {
  call,
  calls,
  context,
  delta,
  finish,
  readStream,
  stop,
  target,
} from '../../support/read-chat.ts'

const text = (said: string) => ({ type: 'text-delta', text: said })
const thinking = (said: string) => ({ type: 'thinking-delta', text: said })
const tool = (number: number, name: string) => ({
  type: 'tool-start',
  call: number,
  id: `toolu_${number}`,
  name,
})
const input = (number: number, json: string) => ({ type: 'tool-delta', call: number, json })
const toolEnd = (number: number) => ({ type: 'tool-end', call: number })

describe('the beginning', () => {
  test('is the first chunk that is no error', () => {
    const parts: Part[] = []
    const reader = createReader(target(), context())
    parts.push(...reader.read({ data: '{"type":"ping"}' }))
    expect(parts).toEqual([])
    parts.push(
      ...reader.read({ data: '{"id":"","model":"","choices":[],"prompt_filter_results":[]}' }),
    )
    expect(parts).toEqual([{ type: 'start' }])
  })

  test('does not come before an error', () => {
    const parts: Part[] = []
    parts.push(...createReader(target(), context()).read({ data: '{"error":{"message":"no"}}' }))
    expect(parts.map(({ type }) => type)).toEqual(['failure'])
  })
})

describe('text', () => {
  test('is told piece by piece', () => {
    const said = [delta({ role: 'assistant', content: '' }), delta({ content: 'Hel' })]
    expect(readStream([...said, delta({ content: 'lo' }), finish('stop')])).toEqual([
      text('Hel'),
      text('lo'),
      stop('end_turn'),
    ])
  })

  test('that is blank waits for the text it leads', () => {
    expect(
      readStream([
        delta({ content: '\n' }),
        delta({ content: '\n' }),
        delta({ reasoning: 'Hm' }),
        delta({ content: 'Yes' }),
        delta({ content: '\n' }),
        finish('stop'),
      ]),
    ).toEqual([
      thinking('Hm'),
      { signature: 'reasoning' },
      text('\n\nYes'),
      text('\n'),
      stop('end_turn'),
    ])
  })

  test('that is blank is no block before a tool call', () => {
    expect(
      readStream([
        delta({ content: '\n\n' }),
        calls(call({ index: 0, id: 'a', name: 'f', arguments: '{"a":1}' })),
        finish('tool_calls'),
      ]),
    ).toEqual([tool(0, 'f'), input(0, '{"a":1}'), stop('tool_use')])
  })

  test('may come in parts, or as an object', () => {
    expect(
      readStream([delta({ content: [{ type: 'text', text: 'a' }, 'b'] }), finish('stop')]),
    ).toEqual([text('a'), text('b'), stop('end_turn')])
    expect(readStream([delta({ content: { a: 1 } }), finish('stop')])).toEqual([
      text('{"a":1}'),
      stop('end_turn'),
    ])
  })

  test('of one delta comes after its reasoning and before its tool calls', () => {
    expect(
      readStream([
        delta({
          tool_calls: [call({ index: 0, id: 'a', name: 'f', arguments: '{}' })],
          content: 'Now',
          reasoning_content: 'Hm',
        }),
        finish('tool_calls'),
      ]),
    ).toEqual([
      thinking('Hm'),
      { signature: 'reasoning_content' },
      text('Now'),
      tool(0, 'f'),
      input(0, '{}'),
      stop('tool_use'),
    ])
  })

  test('of a refusal is shown, and the message ends as one', () => {
    expect(
      readStream([
        delta({ content: null, refusal: '' }),
        delta({ refusal: 'I can' }),
        delta({ refusal: 'not.' }),
        finish('stop'),
      ]),
    ).toEqual([text('I can'), text('not.'), stop('refusal', { explanation: 'I cannot.' })])
  })

  test('may be one whole message in a stream', () => {
    expect(
      readStream([{ choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }] }]),
    ).toEqual([text('Hi'), stop('end_turn')])
  })

  test('is not told again by a whole message at the end', () => {
    expect(
      readStream([
        delta({ content: 'Hi' }),
        { choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }] },
      ]),
    ).toEqual([text('Hi'), stop('end_turn')])
  })
})

describe('reasoning', () => {
  test.each([
    ['reasoning_content', { reasoning_content: 'Hm' }],
    ['reasoning', { reasoning: 'Hm' }],
    ['reasoning_text', { reasoning_text: 'Hm' }],
    ['content', { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] }] }],
    ['content', { content: [{ type: 'thinking', thinking: 'Hm' }] }],
  ])('in %s is thinking, signed with its home', (field, fields) => {
    expect(readStream([delta(fields), delta({ content: 'Hi' }), finish('stop')])).toEqual([
      thinking('Hm'),
      { signature: field },
      text('Hi'),
      stop('end_turn'),
    ])
  })

  test('is signed with the provider and the model', () => {
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

  test('that is said in two fields is told once', () => {
    const entry = { type: 'reasoning.text', text: 'Hm', format: 'unknown', index: 0 }
    expect(
      readStream([
        delta({ reasoning: 'Hm', reasoning_content: 'Hm', reasoning_details: [entry] }),
        delta({ reasoning: 'Hm' }),
        finish('stop'),
      ]),
    ).toEqual([
      thinking('Hm'),
      { signature: 'reasoning_details', state: [entry] },
      stop('end_turn'),
    ])
  })

  test('after the answer has begun is signed at the end and splits no text', () => {
    expect(
      readStream([
        delta({ reasoning: 'a' }),
        delta({ content: 'b' }),
        delta({ reasoning: 'c' }),
        delta({ content: 'd' }),
        delta({ reasoning: 'e' }),
        finish('stop'),
      ]),
    ).toEqual([
      thinking('a'),
      { signature: 'reasoning' },
      text('b'),
      thinking('c'),
      text('d'),
      thinking('e'),
      { signature: 'reasoning' },
      stop('end_turn'),
    ])
  })

  test('between tool calls is signed before the next one', () => {
    expect(
      readStream([
        delta({ reasoning: 'a' }),
        calls(call({ index: 0, id: 'x', name: 'f', arguments: '{"a":1}' })),
        delta({ reasoning: 'b' }),
        calls(call({ index: 1, id: 'y', name: 'g', arguments: '{"b":1}' })),
        finish('tool_calls'),
      ]),
    ).toEqual([
      thinking('a'),
      { signature: 'reasoning' },
      tool(0, 'f'),
      input(0, '{"a":1}'),
      toolEnd(0),
      thinking('b'),
      { signature: 'reasoning' },
      tool(1, 'g'),
      input(1, '{"b":1}'),
      stop('tool_use'),
    ])
  })
})

describe('reasoning details', () => {
  const piece = (fields: object) => delta({ reasoning_details: [fields] })

  test('are joined by type and index, and keep what a later piece adds', () => {
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
      thinking('Hm'),
      thinking(', yes'),
      thinking('And'),
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
      text('Hi'),
      stop('end_turn'),
    ])
  })

  test('that are encrypted stand before the tool call they led to', () => {
    const entry = { type: 'reasoning.encrypted', data: 'xyz', index: 0 }
    expect(
      readStream([
        piece(entry),
        calls(call({ index: 0, id: 'a', name: 'f', arguments: '{}' })),
        finish('stop'),
      ]),
    ).toEqual([
      { signature: 'reasoning_details', state: [entry] },
      tool(0, 'f'),
      input(0, '{}'),
      stop('end_turn'),
    ])
  })

  test('that come late are carried by a signature of their own, with all before them', () => {
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
      thinking('Hm'),
      { signature: 'reasoning_details', state: [first] },
      text('Hi'),
      { signature: 'reasoning_details', state: [first, late] },
      stop('end_turn'),
    ])
  })

  test('of different ids stay apart', () => {
    const entries = ['a', 'b'].map((id) => ({
      type: 'reasoning.encrypted',
      data: id,
      id,
      index: 0,
    }))
    expect(readStream([...entries.map(piece), delta({ content: 'x' }), finish('stop')])).toEqual([
      { signature: 'reasoning_details', state: entries },
      text('x'),
      stop('end_turn'),
    ])
  })
})

describe('state beside the reasoning', () => {
  test('goes into its signature', () => {
    expect(
      readStream([
        delta({ reasoning_text: 'Hm' }),
        delta({ reasoning_opaque: 'xyz' }),
        delta({ content: 'Hi' }),
        finish('stop'),
      ]),
    ).toEqual([
      thinking('Hm'),
      { signature: 'reasoning_text', state: { reasoning_opaque: 'xyz' } },
      text('Hi'),
      stop('end_turn'),
    ])
  })

  test('of a tool call stands before that call', () => {
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
      tool(0, 'f'),
      input(0, '{"a":1}'),
      toolEnd(0),
      tool(1, 'f'),
      stop('end_turn'),
    ])
  })

  test('of a part of the content is kept with its kind', () => {
    const part = {
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: 'Hm', signature: 'xyz' }],
    }
    expect(
      readStream([delta({ content: [part] }), delta({ content: 'Hi' }), finish('stop')]),
    ).toEqual([
      thinking('Hm'),
      { signature: 'content', state: { type: 'reasoning', signature: 'xyz' } },
      text('Hi'),
      stop('end_turn'),
    ])
  })

  test('of the message stands alone where there was no reasoning', () => {
    expect(
      readStream([
        delta({ content: 'Hi', extra_content: { google: { thought_signature: 'x' } } }),
        finish('stop'),
      ]),
    ).toEqual([
      { signature: 'message', state: { extra_content: { google: { thought_signature: 'x' } } } },
      text('Hi'),
      stop('end_turn'),
    ])
  })
})

describe('think tags', () => {
  const tagged = (pieces: readonly string[], quirk = true) =>
    merge(
      readStream([...pieces.map((content) => delta({ content })), finish('stop')], {
        quirks: { think_tags: quirk },
      }),
    )
  const thought = { signature: 'think_tags' }

  test.each<[string, string[], object[]]>([
    ['in one piece', ['<think>\nHm</think>\n\nHi'], [thinking('Hm'), thought, text('Hi')]],
    [
      'cut in the tags',
      ['<thi', 'nk>Hm</th', 'ink>', '\n\nHi'],
      [thinking('Hm'), thought, text('Hi')],
    ],
    [
      'with line feeds',
      ['<think>', '\n', '\n', 'H', 'm\n', '\n</thi', 'nk>\n\n', 'Hi'],
      [thinking('\nHm\n'), thought, text('Hi')],
    ],
    ['with nothing between', ['<think>\n', '\n</think>', '\n\nHi'], [text('Hi')]],
    ['with an empty line', ['<think>\n</think>Hi'], [text('Hi')]],
    ['after space', ['\n', ' <think>Hm</think>Hi'], [thinking('Hm'), thought, text('Hi')]],
    ['twice', ['<think>a</think>', '<think>b</think>c'], [thinking('ab'), thought, text('c')]],
    ['of other kinds', ['◁think▷a◁/think▷b'], [thinking('a'), thought, text('b')]],
    ['never closed', ['<think>a <', 'b'], [thinking('a <b'), thought]],
    ['closed and never opened', ['Hm</think>Hi'], [thinking('Hm'), thought, text('Hi')]],
    ['closed late and never opened', ['a ', 'b</think>c'], [text('a bc')]],
    ['closed twice', ['<think>a</think></think>b'], [thinking('a'), thought, text('b')]],
    ['in the middle of an answer', ['Use <think>', ' tags'], [text('Use <think> tags')]],
    ['that are none', ['<thin', 'g>'], [text('<thing>')]],
  ])('%s are read', (_, pieces, parts) => {
    expect(tagged(pieces)).toEqual([...parts, stop('end_turn')])
  })

  test('are text where the model is not known for them', () => {
    expect(tagged(['<think>a</think>b'], false)).toEqual([
      text('<think>a</think>b'),
      stop('end_turn'),
    ])
  })

  test('before a tool call are closed by it', () => {
    expect(
      readStream(
        [
          delta({ content: '<think>Hm' }),
          calls(call({ index: 0, id: 'a', name: 'f', arguments: '{}' })),
          finish('stop'),
        ],
        { quirks: { think_tags: true } },
      ),
    ).toEqual([thinking('Hm'), thought, tool(0, 'f'), input(0, '{}'), stop('end_turn')])
  })
})

describe('a tool call', () => {
  const ended = [finish('tool_calls')]
  const whole = [tool(0, 'f'), input(0, '{"a":1}'), stop('tool_use')]

  test.each<[string, object[]]>([
    ['in one chunk', [calls(call({ index: 0, id: 'x', name: 'f', arguments: '{"a":1}' }))]],
    [
      'with the id on the first delta only',
      [
        calls(call({ index: 0, id: 'x', name: 'f', arguments: '' })),
        calls(call({ index: 0, id: '', name: '', arguments: '{"a"' })),
        calls(call({ index: 0, arguments: ':1}' })),
      ],
    ],
    [
      'with id and name on every delta',
      [
        calls(call({ index: 0, id: 'x', name: 'f', arguments: '' })),
        calls(call({ index: 0, id: 'x', name: 'f', arguments: '{"a"' })),
        calls(call({ index: 0, id: 'x', name: 'f', arguments: ':1}' })),
      ],
    ],
    [
      'without index, by its id',
      [
        calls(call({ id: 'x', name: 'f', arguments: '{"a"' })),
        calls(call({ id: 'x', arguments: ':1}' })),
      ],
    ],
    [
      'without index and id, by the order',
      [calls(call({ name: 'f', arguments: '{"a"' })), calls(call({ arguments: ':1}' }))],
    ],
    [
      'with the id late',
      [
        calls(call({ index: 0, name: 'f', arguments: '{"a"' })),
        calls(call({ index: 0, id: 'x', arguments: ':1}' })),
      ],
    ],
    [
      'with the name late',
      [
        calls(call({ index: 0, id: 'x', arguments: '{"a"' })),
        calls(call({ index: 0, name: 'f', arguments: ':1}' })),
      ],
    ],
    ['with an object', [calls(call({ index: 0, id: 'x', name: 'f', arguments: { a: 1 } }))]],
    [
      'with fields on the entry itself',
      [delta({ tool_calls: [{ name: 'f', arguments: { a: 1 } }] })],
    ],
    [
      'encoded twice',
      [
        calls(call({ index: 0, id: 'x', name: 'f', arguments: '"{\\"a\\"' })),
        calls(call({ index: 0, arguments: ':1}"' })),
      ],
    ],
    [
      'in snapshots',
      ['{"a', '{"a":', '{"a":1}'].map((arguments_) =>
        calls(call({ index: 0, id: 'x', name: 'f', arguments: arguments_ })),
      ),
    ],
    [
      'said again when it is complete',
      ['{"a"', ':1}', '{"a":1}'].map((arguments_) =>
        calls(call({ index: 0, id: 'x', name: 'f', arguments: arguments_ })),
      ),
    ],
    [
      'after a placeholder',
      [
        calls(call({ index: 0, id: 'x', name: 'f', arguments: '{}' })),
        calls(call({ index: 0, arguments: '{"a"' })),
        calls(call({ index: 0, arguments: ':1}' })),
      ],
    ],
    [
      'in the legacy field',
      [
        delta({ function_call: { name: 'f', arguments: '' } }),
        delta({ function_call: { arguments: '{"a":1}' } }),
      ],
    ],
    [
      'among blank entries',
      [
        delta({
          tool_calls: [null, {}, { index: 0, id: '', function: { name: '', arguments: '' } }],
        }),
        calls(call({ index: 0, id: 'x', name: 'f', arguments: '{"a":1}' })),
        delta({ tool_calls: [{ index: null, id: null, function: null }] }),
        delta({ tool_calls: null, function_call: { name: '', arguments: '' } }),
      ],
    ],
  ])('%s is read', (_, said) => {
    expect(merge(readStream([...said, ...ended]))).toEqual(whole)
  })

  test.each<[string, unknown, object[]]>([
    ['without arguments', undefined, []],
    ['with null', null, []],
    ['with an empty text', '', []],
    ['with a placeholder', '{}', [input(0, '{}')]],
    ['with a placeholder that is said again', ['{}', '{}'], [input(0, '{}')]],
    ['with an empty text encoded twice', '""', []],
    ['with arguments that are cut', '{"a":"b', [input(0, '{"a":"b')]],
    ['with arguments that are no JSON', '{a:1}', [input(0, '{a:1}')]],
  ])('%s is told as it is', (_, json, inputs) => {
    const pieces = Array.isArray(json) ? json : [json]
    const said = pieces.map((piece) =>
      calls(call({ index: 0, id: 'x', name: 'f', arguments: piece })),
    )
    expect(readStream([...said, finish('length')])).toEqual([
      tool(0, 'f'),
      ...inputs,
      stop('max_tokens'),
    ])
  })

  test('does not take a nested object for a snapshot', () => {
    const pieces = ['{"a":', '{"a":1}', '}']
    const said = pieces.map((piece) =>
      calls(call({ index: 0, id: 'x', name: 'f', arguments: piece })),
    )
    expect(merge(readStream([...said, ...ended]))).toEqual([
      tool(0, 'f'),
      input(0, '{"a":{"a":1}}'),
      stop('tool_use'),
    ])
    expect(
      merge(
        readStream([
          ...said.slice(0, 1),
          calls(call({ index: 0, arguments: '{"a":1}}' })),
          ...ended,
        ]),
      ),
    ).toEqual([tool(0, 'f'), input(0, '{"a":{"a":1}}'), stop('tool_use')])
  })

  test('gets back the name that the client knows it by', () => {
    const said = calls(call({ index: 0, id: 'x', name: 'short', arguments: '{}' }))
    const names = { short: 'mcp__a_very_long_name' }
    expect(readStream([said, ...ended], { names })[0]).toEqual(tool(0, 'mcp__a_very_long_name'))
  })

  test('of a custom tool is an object with its input', () => {
    const custom = (fields: object) =>
      delta({ tool_calls: [{ index: 0, type: 'custom', custom: fields }] })
    expect(
      readStream([custom({ name: 'f', input: '4 ' }), custom({ input: '+ 4' }), ...ended]),
    ).toEqual([tool(0, 'f'), input(0, '{"input":"4 + 4"}'), stop('tool_use')])
  })

  test('that never has a name is a failure, with arguments or without', () => {
    const nameless = (json: string) => calls(call({ index: 0, id: 'x', arguments: json }))
    expect(readStream([nameless('{}'), ...ended])).toMatchObject([{ type: 'failure' }])
    expect(readStream([nameless('{"a":1}'), ...ended])).toEqual([
      {
        type: 'failure',
        failure: {
          kind: 'upstream_invalid_response',
          provider: 'lab',
          detail: 'a tool call without a name',
        },
      },
    ])
  })
})

describe('parallel tool calls', () => {
  const both = [
    tool(0, 'f'),
    input(0, '{"a":1}'),
    toolEnd(0),
    tool(1, 'g'),
    input(1, '{"b":2}'),
    stop('tool_use'),
  ]

  test.each<[string, object[]]>([
    [
      'in one delta',
      [
        calls(
          call({ index: 0, id: 'x', name: 'f', arguments: '{"a":1}' }),
          call({ index: 1, id: 'y', name: 'g', arguments: '{"b":2}' }),
        ),
      ],
    ],
    [
      'on one index, by their ids',
      [
        calls(call({ index: 0, id: 'x', name: 'f', arguments: '{"a":1}' })),
        calls(call({ index: 0, id: 'y', name: 'g', arguments: '{"b":2}' })),
      ],
    ],
    [
      'on one index, by their names',
      [
        calls(call({ index: 0, name: 'f', arguments: '{"a":1}' })),
        calls(call({ index: 0, name: 'g', arguments: '{"b":2}' })),
      ],
    ],
    [
      'without index and id',
      [calls(call({ name: 'f', arguments: '{"a":1}' }), call({ name: 'g', arguments: '{"b":2}' }))],
    ],
    [
      'in different choices, on the same index',
      [
        calls(call({ index: 0, id: 'x', name: 'f', arguments: '{"a":1}' })),
        delta(
          { tool_calls: [call({ index: 0, id: 'y', name: 'g', arguments: '{"b":2}' })] },
          { index: 1 },
        ),
      ],
    ],
  ])('%s are told apart', (_, said) => {
    expect(readStream([...said, finish('tool_calls')])).toEqual(both)
  })

  test('of one tool without index and id are told apart by whole arguments', () => {
    const said = calls(
      call({ name: 'f', arguments: '{"a":1}' }),
      call({ name: 'f', arguments: '{"a":2}' }),
    )
    expect(readStream([said, finish('tool_calls')])).toEqual([
      tool(0, 'f'),
      input(0, '{"a":1}'),
      toolEnd(0),
      tool(1, 'f'),
      input(1, '{"a":2}'),
      stop('tool_use'),
    ])
  })

  test('that interleave keep their pieces', () => {
    expect(
      readStream([
        calls(
          call({ index: 0, id: 'x', name: 'f', arguments: '{"a"' }),
          call({ index: 1, id: 'y', name: 'g', arguments: '{"b"' }),
        ),
        calls(call({ index: 1, arguments: ':2}' }), call({ index: 0, arguments: ':1}' })),
        delta({ content: 'So' }),
        finish('tool_calls'),
      ]),
    ).toEqual([
      tool(0, 'f'),
      input(0, '{"a"'),
      tool(1, 'g'),
      input(1, '{"b"'),
      input(1, ':2}'),
      input(0, ':1}'),
      toolEnd(0),
      toolEnd(1),
      text('So'),
      stop('tool_use'),
    ])
  })
})

describe('the end', () => {
  const hi = delta({ content: 'Hi' })
  const usage = { prompt_tokens: 10, completion_tokens: 2 }
  const counted = { usage: { input: 10, output: 2, cacheRead: 0, cacheWrite: 0, thinking: 0 } }
  const cut = { type: 'failure', failure: { kind: 'upstream_truncated', provider: 'lab' } }

  test('waits for usage after the finish reason', () => {
    expect(readStream([hi, finish('stop'), { choices: [], usage }])).toEqual([
      text('Hi'),
      { type: 'usage', ...counted },
      stop('end_turn', counted),
    ])
  })

  test('has usage of each chunk before a failure, also of the chunk that is an error', () => {
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
      text('one'),
      { type: 'usage', usage: { input: 640, output: 1 } },
      text('two'),
      { type: 'usage', usage: { input: 640, output: 3, terms: { service_tier: 'flex' } } },
      { type: 'failure' },
    ])
  })

  test('waits for content after the finish reason', () => {
    expect(readStream([finish('stop'), hi])).toEqual([text('Hi'), stop('end_turn')])
  })

  test('is said once, whatever comes after it', () => {
    expect(readStream([hi, finish('stop'), '[DONE]', '[DONE]', hi, 'junk'])).toEqual([
      text('Hi'),
      stop('end_turn'),
    ])
  })

  test('may come without [DONE]', () => {
    expect(readStream([hi, finish('stop')], { done: false })).toEqual([
      text('Hi'),
      stop('end_turn'),
    ])
  })

  test('takes the last of cumulative usages', () => {
    const chunks = [1, 2].map((tokens) => ({
      ...hi,
      usage: { prompt_tokens: 10, completion_tokens: tokens },
    }))
    expect(readStream([...chunks, finish('stop', { usage: null })]).at(-1)).toEqual(
      stop('end_turn', counted),
    )
  })

  test('takes the strongest of several finish reasons', () => {
    expect(readStream([hi, finish('length'), finish('stop')]).at(-1)).toEqual(stop('max_tokens'))
    expect(readStream([finish('stop'), hi, finish('stop')]).at(-1)).toEqual(stop('end_turn'))
  })

  test('without a finish reason is an error, not a short answer', () => {
    expect(readStream([hi], { done: false })).toEqual([text('Hi'), cut])
    expect(readStream([], { done: false })).toEqual([cut])
    expect(readStream([])).toEqual([cut])
    expect(readStream([delta({ content: '' })])).toEqual([cut])
  })

  test('without a finish reason is complete where [DONE] came after content', () => {
    expect(readStream([hi])).toEqual([text('Hi'), stop('end_turn')])
    expect(readStream([delta({ content: 'Hi' }, { finish_reason: '' })])).toEqual([
      text('Hi'),
      stop('end_turn'),
    ])
  })

  test('without a finish reason is complete where the provider never gives one', () => {
    const quirks = { finish_optional: true }
    expect(readStream([hi], { done: false, quirks })).toEqual([text('Hi'), stop('end_turn')])
    expect(readStream([], { done: false, quirks })).toEqual([cut])
  })

  test('in the middle of a tool call is an error, even after [DONE]', () => {
    const said = calls(call({ index: 0, id: 'x', name: 'f', arguments: '{"a":' }))
    expect(readStream([said])).toEqual([tool(0, 'f'), input(0, '{"a":'), cut])
  })

  test.each([
    ['{"a":1}', '{"a":1}'],
    ['"{\\"a\\":1}"', '{"a":1}'],
    ['{}', '{}'],
    ['', ''],
  ])('after a whole tool call is complete once [DONE] came: %j', (json, told) => {
    const said = calls(call({ index: 0, id: 'x', name: 'f', arguments: json }))
    expect(readStream([said])).toEqual([
      tool(0, 'f'),
      ...(told === '' ? [] : [input(0, told)]),
      stop('end_turn'),
    ])
  })

  test('by the token limit is told even in a refusal', () => {
    expect(readStream([delta({ refusal: 'No' }), finish('length')]).at(-1)).toEqual(
      stop('max_tokens', { explanation: 'No' }),
    )
  })

  test('names the stop sequence where the provider does', () => {
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

describe('an error in a stream', () => {
  const error = { message: 'Busy', code: 503 }
  const hi = delta({ content: 'Hi' })
  const failure = {
    type: 'failure',
    failure: {
      kind: 'upstream_error',
      provider: 'lab',
      status: 529,
      type: 'overloaded_error',
      message: 'lab: Busy',
    },
  }

  test.each<[string, string | object]>([
    ['instead of choices', { error }],
    ['beside choices', { error, choices: [{ index: 0, delta: { content: 'x' } }] }],
    ['in a choice', { choices: [{ index: 0, error, finish_reason: 'error' }] }],
    ['in an array', [{ error }]],
    ['as an event of that name', { event: 'error', data: JSON.stringify({ error }) }],
    ['as a bare object in such an event', { event: 'error', data: JSON.stringify(error) }],
    ['without an envelope', { object: 'error', ...error }],
  ])('%s ends it', (_, said) => {
    expect(readStream([hi, said, hi, finish('stop')])).toEqual([text('Hi'), failure])
  })

  test('may be a sentence', () => {
    expect(readStream([{ event: 'error', data: 'upstream went away' }])).toEqual([
      {
        type: 'failure',
        failure: {
          kind: 'upstream_error',
          provider: 'lab',
          status: 502,
          type: 'api_error',
          message: 'lab: upstream went away',
        },
      },
    ])
  })

  test.each([{ error: null }, { error: '' }, { error: {} }, { base_resp: { status_code: 0 } }])(
    'is not %j',
    (fields) => {
      expect(readStream([{ ...hi, ...fields }, finish('stop')])).toEqual([
        text('Hi'),
        stop('end_turn'),
      ])
    },
  )

  test.each(['null', '1764316800', '"text"', 'alive'])(
    'is not %s, which is a heartbeat',
    (data) => {
      expect(readStream([hi, data, { event: 'keepalive', data }, finish('stop')])).toEqual([
        text('Hi'),
        stop('end_turn'),
      ])
      expect(readStream([data, data])).toMatchObject([{ type: 'failure' }])
    },
  )

  test.each(['{"choices":[', '[]', '<html>'])('is %s, which is no chunk', (data) => {
    expect(readStream([hi, data])).toEqual([
      text('Hi'),
      {
        type: 'failure',
        failure: {
          kind: 'upstream_invalid_response',
          provider: 'lab',
          detail: `an event of ${data.length} characters that is no chunk`,
        },
      },
    ])
  })

  test('may be the finish reason', () => {
    expect(readStream([hi, finish('network_error')]).at(-1)).toMatchObject({
      type: 'failure',
      failure: { status: 529, type: 'overloaded_error' },
    })
  })

  test('is never thrown, whatever the types of the fields', () => {
    const anything = fc.anything({ maxDepth: 4 })
    const chunk = fc.record({
      choices: fc.oneof(
        anything,
        fc.array(
          fc.record(
            { index: anything, delta: fc.dictionary(deltaKeys, anything), finish_reason: anything },
            { requiredKeys: [] },
          ),
        ),
      ),
      usage: anything,
      error: fc.oneof(fc.constant(null), anything),
    })
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 4 }), (chunks) => {
        const parts = readStream(chunks.map((said) => JSON.stringify(said)))
        const ends = parts.filter(
          (part) => 'type' in part && ['stop', 'failure'].includes(part.type),
        )
        expect(ends).toEqual([parts.at(-1)])
      }),
    )
  })
})

const deltaKeys = fc.constantFrom(
  'content',
  'reasoning',
  'reasoning_details',
  'refusal',
  'tool_calls',
  'function_call',
  'extra_content',
)

describe('bytes', () => {
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

  test('may be cut anywhere', () => {
    const whole = readPieces([])
    expect(whole).toHaveLength(9)
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => {
        expect(readPieces(cuts)).toEqual(whole)
      }),
    )
  })
})

/** Joins pieces of the same text, thinking or arguments. */
function merge(parts: readonly object[]): object[] {
  const merged: Record<string, unknown>[] = []
  for (const part of parts as Record<string, unknown>[]) {
    const last = merged.at(-1)
    const key = part['type'] === 'tool-delta' ? 'json' : 'text'
    if (last !== undefined && last['type'] === part['type'] && key in part) {
      last[key] = `${String(last[key])}${String(part[key])}`
    } else {
      merged.push({ ...part })
    }
  }
  return merged
}
