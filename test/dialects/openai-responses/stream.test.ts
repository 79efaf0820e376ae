import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { AnswerWriter } from '../../../src/anthropic/answer/answer-writer.ts'
import { createReader } from '../../../src/dialects/openai-responses/response/stream.ts'
import {
  added,
  call,
  completed,
  context,
  done,
  event,
  message,
  readEvents,
  readItems,
  target,
  text,
} from '../../support/read-responses.ts'

const start = { type: 'start' }
const said = (words: string) => ({ type: 'text-delta', text: words })
const thinking = (words: string) => ({ type: 'thinking-delta', text: words })
const input = (number: number, json: string) => ({ type: 'tool-delta', call: number, json })
const end = (number: number) => ({ type: 'tool-end', call: number })
const stop = (reason = 'end_turn') => ({ type: 'stop', reason })
const tool = (number: number, name: string) => ({
  type: 'tool-start',
  call: number,
  id: `toolu_${number}`,
  name,
})
const cut = { type: 'failure', failure: { kind: 'upstream_truncated', provider: 'lab' } }
const piece = (place: number, delta: string, fields: object = {}) =>
  event('function_call_arguments.delta', { output_index: place, delta, ...fields })

describe('usage', () => {
  const usage = {
    input_tokens: 700,
    output_tokens: 9,
    input_tokens_details: { cached_tokens: 500 },
  }
  const counted = { type: 'usage', usage: { input: 200, cacheRead: 500, output: 9 } }

  test('of a response that failed comes before the failure', () => {
    const response = { status: 'failed', usage, error: { code: 'server_error', message: 'x' } }
    expect(readEvents([event('failed', { response })])).toMatchObject([
      counted,
      { type: 'failure' },
    ])
  })

  test('comes as soon as a response in progress has it, with the service tier', () => {
    const response = { status: 'in_progress', usage, service_tier: 'priority' }
    const terms = { service_tier: 'priority' }
    expect(readEvents([event('in_progress', { response })])).toMatchObject([
      { ...counted, usage: { ...counted.usage, terms } },
      cut,
    ])
  })
})

describe('the beginning', () => {
  const opening = [event('created'), event('queued'), event('in_progress')]

  test('is the first item: that a response was made proves nothing', () => {
    expect(readEvents([...opening, added(0, message)])).toEqual([start, cut])
  })

  test('does not come before a failure', () => {
    const error = { code: 'server_error', message: 'Sorry.' }
    const parts = readEvents([...opening, event('failed', { response: { error } })])
    expect(parts).toMatchObject([{ type: 'failure' }])
  })
})

describe('text', () => {
  test('is told piece by piece, and not again when it is done', () => {
    expect(
      readEvents([
        added(0, message),
        event('content_part.added', { output_index: 0, content_index: 0, part: {} }),
        text('Hel'),
        text('lo'),
        event('output_text.done', { output_index: 0, content_index: 0, text: 'Hello' }),
        done(0, { ...message, content: [{ type: 'output_text', text: 'Hello' }] }),
        completed(),
      ]),
    ).toEqual([start, said('Hel'), said('lo'), stop()])
  })

  test('that comes with the item alone is told then', () => {
    const item = { ...message, content: [{ type: 'output_text', text: 'Hello' }] }
    expect(readEvents([done(0, item), completed()])).toEqual([start, said('Hello'), stop()])
    expect(readEvents([completed({ output: [item] })])).toEqual([start, said('Hello'), stop()])
  })

  test('that the item has beyond the deltas is told', () => {
    const item = { ...message, content: [{ type: 'output_text', text: 'Hello, you' }] }
    expect(readEvents([added(0, message), text('Hello'), done(0, item), completed()])).toEqual([
      start,
      said('Hello'),
      said(', you'),
      stop(),
    ])
  })

  test('stands where the item disagrees with the deltas', () => {
    const item = { ...message, content: [{ type: 'output_text', text: 'Bye' }] }
    expect(readEvents([added(0, message), text('Hello'), done(0, item), completed()])).toEqual([
      start,
      said('Hello'),
      stop(),
    ])
  })

  test('of two messages is kept apart by a blank line', () => {
    const events = [
      added(0, message),
      text('Let me see.'),
      done(0, message),
      added(2, message),
      text('It is so.', { output_index: 2 }),
      completed(),
    ]
    expect(readEvents(events)).toEqual([start, said('Let me see.'), said('\n\nIt is so.'), stop()])
  })

  test('that is blank is no block of its own', () => {
    expect(
      readEvents([
        added(0, message),
        text('\n'),
        done(0, message),
        added(1, call('a')),
        done(1, call('a', '{}')),
        completed(),
      ]),
    ).toEqual([start, tool(0, 'a'), input(0, '{}'), end(0), stop()])
  })

  test('is told where no item was announced', () => {
    expect(readEvents([text('Hello'), completed()])).toEqual([start, said('Hello'), stop()])
    const nameless = event('output_text.delta', { delta: 'Hello' })
    const item = { ...message, content: [{ type: 'output_text', text: 'Hello' }] }
    expect(readEvents([nameless, done(0, item), completed()])).toEqual([
      start,
      said('Hello'),
      stop(),
    ])
  })

  test('of a refusal is told, and explains the end', () => {
    const refusal = event('refusal.delta', { output_index: 0, delta: 'No.' })
    expect(readEvents([added(0, message), refusal, completed()])).toEqual([
      start,
      said('No.'),
      { type: 'stop', reason: 'refusal', explanation: 'No.' },
    ])
  })
})

describe('reasoning', () => {
  const item = { type: 'reasoning', id: 'rs_1', summary: [] }
  const summary = (delta: string, index = 0) =>
    event('reasoning_summary_text.delta', { output_index: 0, summary_index: index, delta })
  const final = {
    ...item,
    status: 'completed',
    encrypted_content: 'gAAA',
    summary: [{ type: 'summary_text', text: 'Hm.' }],
  }

  test('is one block with the state of the final item', () => {
    const parts = readEvents([
      added(0, { ...item, encrypted_content: 'gA' }),
      summary('Hm.'),
      done(0, final),
      added(1, message),
      text('Yes.', { output_index: 1 }),
      completed(),
    ])
    const { type: _, status: __, ...state } = final
    expect(parts).toEqual([
      start,
      thinking('Hm.'),
      { signature: 'reasoning', state: { item: state } },
      said('Yes.'),
      stop(),
    ])
  })

  test('in several parts is told in paragraphs', () => {
    expect(readEvents([added(0, item), summary('A', 0), summary('B', 1), completed()])).toEqual([
      start,
      thinking('A'),
      thinking('\n\nB'),
      { signature: 'reasoning', state: {} },
      stop(),
    ])
  })

  test('in plain text is not told twice: its state leaves the text to the block', () => {
    const content = [{ type: 'reasoning_text', text: 'Hm.' }]
    const delta = event('reasoning_text.delta', { output_index: 0, content_index: 0, delta: 'Hm.' })
    const parts = readEvents([added(0, item), delta, done(0, { ...item, content }), completed()])
    expect(parts).toEqual([
      start,
      thinking('Hm.'),
      { signature: 'reasoning', state: { item: { id: 'rs_1' }, shows: 'content' } },
      stop(),
    ])
  })

  test('that is told in two ways is shown in the first', () => {
    const plain = event('reasoning_text.delta', { output_index: 0, delta: 'at length' })
    const parts = readEvents([added(0, item), summary('Hm.'), plain, done(0, final), completed()])
    expect(parts.slice(0, 2)).toEqual([start, thinking('Hm.')])
    expect(parts).toHaveLength(4)
  })

  test('without text or state is no block', () => {
    expect(readEvents([added(0, item), done(0, item), completed()])).toEqual([start, stop()])
  })

  test('that is hidden is carried all the same', () => {
    const hidden = { ...item, encrypted_content: 'gAAA' }
    expect(readEvents([done(0, hidden), completed()])).toEqual([
      start,
      { signature: 'reasoning', state: { item: { id: 'rs_1', encrypted_content: 'gAAA' } } },
      stop(),
    ])
  })

  test('knows the phase of the message behind it', () => {
    const parts = readEvents([
      done(0, { ...item, encrypted_content: 'gAAA' }),
      added(1, { ...message, phase: 'commentary' }),
      completed(),
    ])
    expect(parts[1]).toMatchObject({ state: { phase: 'commentary' } })
  })

  test('that led to what the provider ran itself has no state to go back', () => {
    const parts = readEvents([
      added(0, item),
      summary('Hm.'),
      done(0, final),
      added(1, { type: 'web_search_call', id: 'ws_1' }),
      completed(),
    ])
    expect(parts[2]).toEqual({ signature: 'reasoning', state: {} })
  })
})

describe('a function call', () => {
  test('is told as it comes, and ended when it is done', () => {
    expect(
      readEvents([
        added(0, call('read')),
        piece(0, '{"a"'),
        piece(0, ':1}'),
        event('function_call_arguments.done', { output_index: 0, arguments: '{"a":1}' }),
        done(0, call('read', '{"a":1}')),
        completed(),
      ]),
    ).toEqual([start, tool(0, 'read'), input(0, '{"a"'), input(0, ':1}'), end(0), stop()])
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
  ])('that comes whole is whole: %s', (_, events) => {
    expect(readEvents([...events, completed()])).toEqual([
      start,
      tool(0, 'a'),
      input(0, '{"b":2}'),
      end(0),
      stop(),
    ])
  })

  test.each([[''], ['null'], [null]])('of arguments %j has none', (json) => {
    const item = { ...call('a'), arguments: json }
    expect(readEvents([done(0, item), completed()])).toEqual([start, tool(0, 'a'), end(0), stop()])
  })

  test('has the name that the client knows', () => {
    const [, begun] = readEvents([added(0, call('a_1x')), completed()], { a_1x: 'mcp__a' })
    expect(begun).toMatchObject({ name: 'mcp__a' })
  })

  test('is told apart from another by its place, whatever its id', () => {
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
      tool(0, 'a'),
      tool(1, 'b'),
      input(1, '{"b":1}'),
      input(0, '{"a":1}'),
      end(0),
      end(1),
      stop(),
    ])
  })

  test('is told apart from another by its id where places are wrong', () => {
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
      tool(0, 'a'),
      tool(1, 'b'),
      input(0, '{"a":1}'),
      input(1, '{"b":1}'),
      end(0),
      end(1),
      stop(),
    ])
  })

  test('is told apart from another of the same id', () => {
    const parts = readEvents([
      added(0, { ...call('a'), id: 'x' }),
      added(1, { ...call('b'), id: 'x' }),
      piece(0, '{"a":1}', { item_id: 'x' }),
      piece(1, '{"b":1}', { item_id: 'x' }),
      completed(),
    ])
    expect(parts.slice(3, 5)).toEqual([input(0, '{"a":1}'), input(1, '{"b":1}')])
  })

  test('without a name is nonsense', () => {
    expect(readEvents([piece(0, '{"a":1}'), completed()]).at(-1)).toMatchObject({
      failure: { kind: 'upstream_invalid_response' },
    })
    expect(readEvents([added(0, call('')), completed()])).toEqual([start, stop()])
  })
})

describe('what the provider runs itself', () => {
  test('says nothing to the client', () => {
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
    ).toEqual([start, said('Cats.'), stop()])
  })
})

describe('the end', () => {
  test.each([
    ['max_output_tokens', 'max_tokens'],
    ['content_filter', 'refusal'],
    ['max_prompt_tokens_of_context', 'model_context_window_exceeded'],
    ['whatever', 'max_tokens'],
    [undefined, 'max_tokens'],
  ])('that is incomplete for %s is %s', (reason, expected) => {
    const response = { status: 'incomplete', incomplete_details: { reason } }
    const events = [added(0, message), text('Hel'), event('incomplete', { response })]
    expect(readEvents(events)).toEqual([start, said('Hel'), stop(expected)])
  })

  test('counts tokens: cached ones apart, reasoning included', () => {
    const usage = {
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
      output_tokens: 20,
      output_tokens_details: { reasoning_tokens: 15 },
    }
    expect(readEvents([completed({ usage })]).at(-1)).toMatchObject({
      usage: { input: 30, output: 20, cacheRead: 60, cacheWrite: 10, thinking: 15 },
    })
    expect(readEvents([completed({ usage: { input_tokens: 0, output_tokens: 0 } })])).toEqual([
      start,
      stop(),
    ])
  })

  test('by the close of the stream is a failure, with [DONE] or without', () => {
    expect(readEvents([])).toEqual([cut])
    expect(readEvents([added(0, message), text('Hel'), '[DONE]'])).toEqual([
      start,
      said('Hel'),
      cut,
    ])
  })

  test('that was canceled is a failure', () => {
    const response = { status: 'cancelled' }
    expect(readEvents([event('cancelled', { response })])).toEqual([cut])
  })

  test('is the end', () => {
    const events = [completed(), '[DONE]', text('more'), completed(), { type: 'error' }]
    expect(readEvents(events)).toEqual([start, stop()])
  })
})

describe('an event that is none', () => {
  test.each(['alive', '"x"', '7', 'null'])('is a heartbeat where it is %s', (data) => {
    expect(
      readEvents([
        data,
        done(0, { ...message, content: [{ type: 'output_text', text: 'a' }] }),
        data,
        completed(),
      ]),
    ).toEqual([start, said('a'), stop()])
  })

  test.each(['<html>', '[1]'])('is a failure where it is %s', (data) => {
    expect(readEvents([data])).toMatchObject([{ failure: { kind: 'upstream_invalid_response' } }])
  })

  test('of any kind makes no stream that is not well formed', () => {
    const types = [
      'output_item.added',
      'output_item.done',
      'output_text.delta',
      'refusal.delta',
      'reasoning_summary_text.delta',
      'reasoning_text.delta',
      'function_call_arguments.delta',
      'function_call_arguments.done',
      'completed',
      'incomplete',
    ]
    const item = fc.record(
      {
        type: fc.constantFrom('message', 'reasoning', 'function_call', 'web_search_call'),
        id: fc.constantFrom('x', 'y'),
        name: fc.constantFrom('a', ''),
        arguments: fc.constantFrom('', '{}', '{"a":1}', null),
        encrypted_content: fc.constantFrom('gA', null),
        content: fc.constantFrom([], [{ type: 'output_text', text: 'Hi' }], null),
      },
      { requiredKeys: ['type'] },
    )
    const anyEvent = fc.record(
      {
        type: fc.constantFrom(...types.map((type) => `response.${type}`)),
        output_index: fc.nat(2),
        item_id: fc.constantFrom('x', 'y', null),
        item,
        delta: fc.constantFrom('', ' ', 'Hi', '{"a"', ':1}'),
        arguments: fc.constantFrom('{}', '{"a":1}'),
        response: fc.record({ output: fc.array(item, { maxLength: 2 }) }),
      },
      { requiredKeys: ['type'] },
    )
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 20 }), (events) => {
        expect(write(events)).toMatch(grammar)
      }),
    )
  })
})

const grammar =
  /^(?:message_start ping (?:content_block_start (?:content_block_delta )*content_block_stop )*(?:message_delta message_stop |(?:content_block_start (?:content_block_delta )*)?error )|error )$/

function write(events: readonly object[]): string {
  const writer = new AnswerWriter({
    id: 'msg_0',
    model: 'm',
    requestId: 'req_0',
    estimatedInput: () => 1,
    isFolded: false,
  })
  const reader = createReader(target, context())
  for (const said_ of [...events, undefined]) {
    const parts = said_ === undefined ? reader.end() : reader.read({ data: JSON.stringify(said_) })
    writer.write(parts)
  }
  const { status } = writer
  if (status.phase === 'failed') {
    writer.fail(status.failure)
  }
  return writer
    .takeEvents()
    .map(({ type }) => `${type} `)
    .join('')
}

describe('reasoning that ends late', () => {
  test('is signed when the next item begins, and its state follows in a block of its own', () => {
    const item = { type: 'reasoning', id: 'rs', summary: [] }
    const parts = readEvents([
      added(0, item),
      event('reasoning_text.delta', { output_index: 0, item_id: 'rs', delta: 'Hm' }),
      added(1, message),
      text('Hi', { output_index: 1 }),
      done(0, { ...item, encrypted_content: 'ENC' }),
      done(1, { ...message, content: [{ type: 'output_text', text: 'Hi' }] }),
      completed(),
    ])
    expect(parts).toMatchObject([
      start,
      thinking('Hm'),
      { signature: 'reasoning', state: {} },
      said('Hi'),
      { signature: 'reasoning', state: { item: { encrypted_content: 'ENC' } } },
      stop(),
    ])
  })

  test('has its parts told apart by their marks where no index tells', () => {
    const delta = (words: string) =>
      event('reasoning_summary_text.delta', { output_index: 0, delta: words })
    const parts = readEvents([
      added(0, { type: 'reasoning', id: 'rs', summary: [] }),
      event('reasoning_summary_part.added', { output_index: 0 }),
      delta('A'),
      delta('B'),
      event('reasoning_summary_part.added', { output_index: 0 }),
      delta('C'),
      completed(),
    ])
    expect(parts.slice(1, 4)).toEqual([thinking('A'), thinking('B'), thinking('\n\nC')])
  })
})

describe('arguments that come in the complete response alone', () => {
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
  ])('are matched by %s and not by position', (_, strip: (item: object) => object) => {
    const parts = readEvents([
      added(0, announced('f', 'f')),
      added(1, announced('g', 'g')),
      completed({ output: [complete('g', '{"g":1}'), complete('f', '{"f":1}')].map(strip) }),
    ])
    expect(parts).toContainEqual(input(0, '{"f":1}'))
    expect(parts).toContainEqual(input(1, '{"g":1}'))
  })

  test('may bring the name', () => {
    const output = [complete('f', '{"a":1}')]
    const parts = readEvents([added(0, announced('f')), completed({ output })])
    expect(parts).toContainEqual(tool(0, 'f'))
  })
})

test('a complete response without a status is what its details say', () => {
  const fields = (reason: string) => ({ status: undefined, incomplete_details: { reason } })
  const output = [{ ...message, content: [{ type: 'output_text', text: 'Hi' }] }]
  const ends = ['max_output_tokens', 'content_filter'].map((reason) =>
    readItems(output, fields(reason)).at(-1),
  )
  expect(ends).toEqual([stop('max_tokens'), stop('refusal')])
})

test('more cached tokens than the prompt has are not a part of it', () => {
  const usage = {
    input_tokens: 120,
    output_tokens: 3,
    input_tokens_details: { cached_tokens: 410 },
  }
  expect(readItems([{ ...message, content: [] }], { usage }).at(-1)).toMatchObject({
    usage: { input: 120, cacheRead: 410 },
  })
})

test('a request that a policy flagged is not retried', () => {
  const error = { code: 'bio_policy', message: 'Your request was flagged.' }
  expect(readEvents([event('failed', { response: { status: 'failed', error } })])).toMatchObject([
    { failure: { status: 400, shouldRetry: false } },
  ])
})
