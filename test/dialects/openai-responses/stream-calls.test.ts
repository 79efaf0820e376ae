import { describe, expect, test } from 'vitest'

import { textPart, toolDelta, toolEnd, toolStart } from '../../support/parts.ts'
import {
  added,
  call,
  completed,
  done,
  event,
  message,
  readEvents,
  text,
} from '../../support/readers/read-responses.ts'

const start = { type: 'start' }
const stop = (reason = 'end_turn') => ({ type: 'stop', reason })
const piece = (place: number, delta: string, fields: object = {}) =>
  event('function_call_arguments.delta', { output_index: place, delta, ...fields })

describe('a function call in a Responses stream', () => {
  test('a function call in a Responses stream is emitted delta by delta, and ended when it is done', () => {
    expect(
      readEvents([
        added(0, call('read')),
        piece(0, '{"a"'),
        piece(0, ':1}'),
        event('function_call_arguments.done', { output_index: 0, arguments: '{"a":1}' }),
        done(0, call('read', '{"a":1}')),
        completed(),
      ]),
    ).toEqual([
      start,
      toolStart(0, 'read'),
      toolDelta(0, '{"a"'),
      toolDelta(0, ':1}'),
      toolEnd(0),
      stop(),
    ])
  })

  test.each([
    ['announced, then done', [added(0, call('a')), done(0, call('a', '{"b":2}'))]],
    ['done alone', [done(0, call('a', '{"b":2}'))]],
    [
      'its arguments in one event',
      [
        added(0, call('a')),
        event('function_call_arguments.done', { output_index: 0, arguments: '{"b":2}' }),
        done(0, call('a', '{"b":2}')),
      ],
    ],
    [
      'its name late',
      [
        added(0, call('')),
        piece(0, '{"b":2}'),
        event('function_call_arguments.done', { output_index: 0, arguments: '{"b":2}', name: 'a' }),
      ],
    ],
    ['as an object', [done(0, { ...call('a'), arguments: { b: 2 } })]],
    ['encoded twice', [done(0, call('a', JSON.stringify('{"b":2}')))]],
    ['never done', [added(0, call('a')), piece(0, '{"b":2}')]],
  ])('a function call in a Responses stream without deltas is complete: %s', (_, events) => {
    expect(readEvents([...events, completed()])).toEqual([
      start,
      toolStart(0, 'a'),
      toolDelta(0, '{"b":2}'),
      toolEnd(0),
      stop(),
    ])
  })

  test.each([[''], ['null'], [null]])(
    'a function call in a Responses stream with arguments %j has none',
    (json) => {
      const item = { ...call('a'), arguments: json }
      expect(readEvents([done(0, item), completed()])).toEqual([
        start,
        toolStart(0, 'a'),
        toolEnd(0),
        stop(),
      ])
    },
  )

  test('a function call in a Responses stream has the client’s name', () => {
    const [, begun] = readEvents([added(0, call('a_1x')), completed()], { a_1x: 'mcp__a' })
    expect(begun).toMatchObject({ name: 'mcp__a' })
  })

  test('a function call in a Responses stream is separated from another by its index, whatever its id', () => {
    expect(
      readEvents([
        added(0, { ...call('a'), id: 'x1' }),
        added(1, { ...call('b'), id: 'x2' }),
        piece(1, '{"b":1}', { item_id: 'x3' }),
        piece(0, '{"a":1}', { item_id: 'x4' }),
        done(0, { ...call('a', '{"a":1}'), id: 'x5' }),
        done(1, { ...call('b', '{"b":1}'), id: 'x6' }),
        completed(),
      ]),
    ).toEqual([
      start,
      toolStart(0, 'a'),
      toolStart(1, 'b'),
      toolDelta(1, '{"b":1}'),
      toolDelta(0, '{"a":1}'),
      toolEnd(0),
      toolEnd(1),
      stop(),
    ])
  })

  test('a function call in a Responses stream is separated from another by its id if indices are wrong', () => {
    expect(
      readEvents([
        added(0, { ...call('a'), id: 'x1' }),
        added(0, { ...call('b'), id: 'x2' }),
        piece(0, '{"a":1}', { item_id: 'x1' }),
        piece(0, '{"b":1}', { item_id: 'x2' }),
        completed(),
      ]),
    ).toEqual([
      start,
      toolStart(0, 'a'),
      toolStart(1, 'b'),
      toolDelta(0, '{"a":1}'),
      toolDelta(1, '{"b":1}'),
      toolEnd(0),
      toolEnd(1),
      stop(),
    ])
  })

  test('a function call in a Responses stream is separated from another with the same id', () => {
    const parts = readEvents([
      added(0, { ...call('a'), id: 'x' }),
      added(1, { ...call('b'), id: 'x' }),
      piece(0, '{"a":1}', { item_id: 'x' }),
      piece(1, '{"b":1}', { item_id: 'x' }),
      completed(),
    ])
    expect(parts.slice(3, 5)).toEqual([toolDelta(0, '{"a":1}'), toolDelta(1, '{"b":1}')])
  })

  test('a function call in a Responses stream without a name is an invalid response', () => {
    expect(readEvents([piece(0, '{"a":1}'), completed()]).at(-1)).toMatchObject({
      failure: { kind: 'upstream_invalid_response' },
    })
    expect(readEvents([added(0, call('')), completed()])).toEqual([start, stop()])
  })
})

describe('arguments that are only in the complete response', () => {
  const announced = (id: string, name?: string) => ({
    type: 'function_call',
    id: `fc_${id}`,
    call_id: `call_${id}`,
    name,
    arguments: '',
  })
  const complete = (id: string, json: string) => ({ ...announced(id, id), arguments: json })

  test.each([
    ['item id', (item: object): object => ({ ...item, call_id: undefined })],
    ['call id', (item: object): object => ({ ...item, id: undefined })],
  ])(
    'arguments that are only in the complete response are matched by %s and not by position',
    (_, strip: (item: object) => object) => {
      const parts = readEvents([
        added(0, announced('f', 'f')),
        added(1, announced('g', 'g')),
        completed({ output: [complete('g', '{"g":1}'), complete('f', '{"f":1}')].map(strip) }),
      ])
      expect(parts).toContainEqual(toolDelta(0, '{"f":1}'))
      expect(parts).toContainEqual(toolDelta(1, '{"g":1}'))
    },
  )

  test('arguments that are only in the complete response may include the name', () => {
    const output = [complete('f', '{"a":1}')]
    const parts = readEvents([added(0, announced('f')), completed({ output })])
    expect(parts).toContainEqual(toolStart(0, 'f'))
  })
})

describe('a tool that the provider runs itself', () => {
  test('a tool that the provider runs itself emits nothing', () => {
    expect(
      readEvents([
        added(0, { type: 'custom_tool_call', id: 'x', name: 'x_search', input: '' }),
        event('custom_tool_call_input.delta', { output_index: 0, item_id: 'x', delta: 'cats' }),
        done(0, { type: 'custom_tool_call', id: 'x', name: 'x_search', input: 'cats' }),
        added(1, { type: 'mcp_call', id: 'y', name: 'ask' }),
        event('mcp_call_arguments.delta', { output_index: 1, item_id: 'y', delta: '{}' }),
        piece(1, '{}', { item_id: 'y' }),
        added(2, message),
        event('output_text.annotation.added', { output_index: 2, annotation: {} }),
        text('Cats.', { output_index: 2 }),
        completed(),
      ]),
    ).toEqual([start, textPart('Cats.'), stop()])
  })
})
