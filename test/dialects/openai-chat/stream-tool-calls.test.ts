import { describe, expect, test } from 'vitest'

import { toolDelta, toolEnd, toolStart } from '../../support/parts.ts'
import {
  call,
  calls,
  delta,
  finish,
  merge,
  readStream,
  stop,
} from '../../support/readers/read-chat.ts'

describe('a tool call in a chat stream', () => {
  const ended = [finish('tool_calls')]
  const whole = [toolStart(0, 'f'), toolDelta(0, '{"a":1}'), stop('tool_use')]

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
      'repeated when it is complete',
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
  ])('a tool call in a chat stream is read %s', (_, said) => {
    expect(merge(readStream([...said, ...ended]))).toEqual(whole)
  })

  test.each<[string, unknown, object[]]>([
    ['without arguments', undefined, []],
    ['with null', null, []],
    ['with an empty text', '', []],
    ['with a placeholder', '{}', [toolDelta(0, '{}')]],
    ['with a placeholder that is said again', ['{}', '{}'], [toolDelta(0, '{}')]],
    ['with an empty text encoded twice', '""', []],
    ['with arguments that are cut', '{"a":"b', [toolDelta(0, '{"a":"b')]],
    ['with arguments that are no JSON', '{a:1}', [toolDelta(0, '{a:1}')]],
  ])('a tool call in a chat stream is emitted as received %s', (_, json, inputs) => {
    const pieces = Array.isArray(json) ? json : [json]
    const said = pieces.map((piece) =>
      calls(call({ index: 0, id: 'x', name: 'f', arguments: piece })),
    )
    expect(readStream([...said, finish('length')])).toEqual([
      toolStart(0, 'f'),
      ...inputs,
      stop('max_tokens'),
    ])
  })

  test('a tool call in a chat stream does not mistake a nested object for a snapshot', () => {
    const pieces = ['{"a":', '{"a":1}', '}']
    const said = pieces.map((piece) =>
      calls(call({ index: 0, id: 'x', name: 'f', arguments: piece })),
    )
    expect(merge(readStream([...said, ...ended]))).toEqual([
      toolStart(0, 'f'),
      toolDelta(0, '{"a":{"a":1}}'),
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
    ).toEqual([toolStart(0, 'f'), toolDelta(0, '{"a":{"a":1}}'), stop('tool_use')])
  })

  test('a tool call in a chat stream has the client’s name', () => {
    const said = calls(call({ index: 0, id: 'x', name: 'short', arguments: '{}' }))
    const names = { short: 'mcp__a_very_long_name' }
    expect(readStream([said, ...ended], { names })[0]).toEqual(
      toolStart(0, 'mcp__a_very_long_name'),
    )
  })

  test('a tool call in a chat stream of a custom tool has an object with its input', () => {
    const custom = (fields: object) =>
      delta({ tool_calls: [{ index: 0, type: 'custom', custom: fields }] })
    expect(
      readStream([custom({ name: 'f', input: '4 ' }), custom({ input: '+ 4' }), ...ended]),
    ).toEqual([toolStart(0, 'f'), toolDelta(0, '{"input":"4 + 4"}'), stop('tool_use')])
  })

  test('a tool call in a chat stream without a name is an invalid response, with and without arguments', () => {
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

describe('parallel tool calls in a chat stream', () => {
  const both = [
    toolStart(0, 'f'),
    toolDelta(0, '{"a":1}'),
    toolEnd(0),
    toolStart(1, 'g'),
    toolDelta(1, '{"b":2}'),
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
  ])('parallel tool calls in a chat stream are separated %s', (_, said) => {
    expect(readStream([...said, finish('tool_calls')])).toEqual(both)
  })

  test('parallel tool calls in a chat stream of one tool without index and id are separated by complete arguments', () => {
    const said = calls(
      call({ name: 'f', arguments: '{"a":1}' }),
      call({ name: 'f', arguments: '{"a":2}' }),
    )
    expect(readStream([said, finish('tool_calls')])).toEqual([
      toolStart(0, 'f'),
      toolDelta(0, '{"a":1}'),
      toolEnd(0),
      toolStart(1, 'f'),
      toolDelta(1, '{"a":2}'),
      stop('tool_use'),
    ])
  })
})
