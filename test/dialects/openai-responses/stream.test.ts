import { describe, expect, test } from 'vitest'

import { textPart, thinkingPart, toolDelta, toolEnd, toolStart } from '../../support/parts.ts'
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
const truncated = { type: 'failure', failure: { kind: 'upstream_truncated', provider: 'lab' } }

describe('the start of a Responses stream', () => {
  const opening = [event('created'), event('queued'), event('in_progress')]

  test('the start of a Responses stream is the first item, since response.created does not mean acceptance', () => {
    expect(readEvents([...opening, added(0, message)])).toEqual([start, truncated])
  })

  test('the start of a Responses stream is not emitted before a failure', () => {
    const error = { code: 'server_error', message: 'Sorry.' }
    const parts = readEvents([...opening, event('failed', { response: { error } })])
    expect(parts).toMatchObject([{ type: 'failure' }])
  })
})

describe('text in a Responses stream', () => {
  test('text in a Responses stream is emitted delta by delta, and not repeated when it is done', () => {
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
    ).toEqual([start, textPart('Hel'), textPart('lo'), stop()])
  })

  test('text in a Responses stream is emitted when it is only in the item', () => {
    const item = { ...message, content: [{ type: 'output_text', text: 'Hello' }] }
    expect(readEvents([done(0, item), completed()])).toEqual([start, textPart('Hello'), stop()])
    expect(readEvents([completed({ output: [item] })])).toEqual([start, textPart('Hello'), stop()])
  })

  test('text in a Responses stream is completed from the final item', () => {
    const item = { ...message, content: [{ type: 'output_text', text: 'Hello, you' }] }
    expect(readEvents([added(0, message), text('Hello'), done(0, item), completed()])).toEqual([
      start,
      textPart('Hello'),
      textPart(', you'),
      stop(),
    ])
  })

  test('text in a Responses stream is not changed if the final item differs from the deltas', () => {
    const item = { ...message, content: [{ type: 'output_text', text: 'Bye' }] }
    expect(readEvents([added(0, message), text('Hello'), done(0, item), completed()])).toEqual([
      start,
      textPart('Hello'),
      stop(),
    ])
  })

  test('text in a Responses stream of two messages is separated by a blank line', () => {
    const events = [
      added(0, message),
      text('Let me see.'),
      done(0, message),
      added(2, message),
      text('It is so.', { output_index: 2 }),
      completed(),
    ]
    expect(readEvents(events)).toEqual([
      start,
      textPart('Let me see.'),
      textPart('\n\nIt is so.'),
      stop(),
    ])
  })

  test('text in a Responses stream has no block if it is only whitespace', () => {
    expect(
      readEvents([
        added(0, message),
        text('\n'),
        done(0, message),
        added(1, call('a')),
        done(1, call('a', '{}')),
        completed(),
      ]),
    ).toEqual([start, toolStart(0, 'a'), toolDelta(0, '{}'), toolEnd(0), stop()])
  })

  test('text in a Responses stream is emitted if its item was not announced', () => {
    expect(readEvents([text('Hello'), completed()])).toEqual([start, textPart('Hello'), stop()])
    const nameless = event('output_text.delta', { delta: 'Hello' })
    const item = { ...message, content: [{ type: 'output_text', text: 'Hello' }] }
    expect(readEvents([nameless, done(0, item), completed()])).toEqual([
      start,
      textPart('Hello'),
      stop(),
    ])
  })

  test('text in a Responses stream of a refusal is emitted, and explains the stop reason', () => {
    const refusal = event('refusal.delta', { output_index: 0, delta: 'No.' })
    expect(readEvents([added(0, message), refusal, completed()])).toEqual([
      start,
      textPart('No.'),
      { type: 'stop', reason: 'refusal', explanation: 'No.' },
    ])
  })
})

describe('reasoning in a Responses stream', () => {
  const item = { type: 'reasoning', id: 'rs_1', summary: [] }
  const summary = (delta: string, index = 0) =>
    event('reasoning_summary_text.delta', { output_index: 0, summary_index: index, delta })
  const final = {
    ...item,
    status: 'completed',
    encrypted_content: 'gAAA',
    summary: [{ type: 'summary_text', text: 'Hm.' }],
  }

  test('reasoning in a Responses stream is one block with the state of the final item', () => {
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
      thinkingPart('Hm.'),
      { signature: 'reasoning', state: { item: state } },
      textPart('Yes.'),
      stop(),
    ])
  })

  test('reasoning in a Responses stream in several parts is emitted as paragraphs', () => {
    expect(readEvents([added(0, item), summary('A', 0), summary('B', 1), completed()])).toEqual([
      start,
      thinkingPart('A'),
      thinkingPart('\n\nB'),
      { signature: 'reasoning', state: {} },
      stop(),
    ])
  })

  test('reasoning in a Responses stream in plain text is not repeated in the signature', () => {
    const content = [{ type: 'reasoning_text', text: 'Hm.' }]
    const delta = event('reasoning_text.delta', { output_index: 0, content_index: 0, delta: 'Hm.' })
    const parts = readEvents([added(0, item), delta, done(0, { ...item, content }), completed()])
    expect(parts).toEqual([
      start,
      thinkingPart('Hm.'),
      { signature: 'reasoning', state: { item: { id: 'rs_1' }, shows: 'content' } },
      stop(),
    ])
  })

  test('reasoning in a Responses stream in two fields is emitted from the first one', () => {
    const plain = event('reasoning_text.delta', { output_index: 0, delta: 'at length' })
    const parts = readEvents([added(0, item), summary('Hm.'), plain, done(0, final), completed()])
    expect(parts.slice(0, 2)).toEqual([start, thinkingPart('Hm.')])
    expect(parts).toHaveLength(4)
  })

  test('reasoning in a Responses stream without text or state has no block', () => {
    expect(readEvents([added(0, item), done(0, item), completed()])).toEqual([start, stop()])
  })

  test('reasoning in a Responses stream without visible text has a signature', () => {
    const hidden = { ...item, encrypted_content: 'gAAA' }
    expect(readEvents([done(0, hidden), completed()])).toEqual([
      start,
      { signature: 'reasoning', state: { item: { id: 'rs_1', encrypted_content: 'gAAA' } } },
      stop(),
    ])
  })

  test('reasoning in a Responses stream has the phase of the next message in its signature', () => {
    const parts = readEvents([
      done(0, { ...item, encrypted_content: 'gAAA' }),
      added(1, { ...message, phase: 'commentary' }),
      completed(),
    ])
    expect(parts[1]).toMatchObject({ state: { phase: 'commentary' } })
  })

  test('reasoning in a Responses stream before a tool that the provider ran itself has no state to return', () => {
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

describe('reasoning that ends after the next item has begun', () => {
  test('reasoning that ends after the next item has begun is signed when that item begins, and its state follows in another block', () => {
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
      thinkingPart('Hm'),
      { signature: 'reasoning', state: {} },
      textPart('Hi'),
      { signature: 'reasoning', state: { item: { encrypted_content: 'ENC' } } },
      stop(),
    ])
  })

  test('reasoning that ends after the next item has begun has its parts separated by their events if there is no index', () => {
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
    expect(parts.slice(1, 4)).toEqual([thinkingPart('A'), thinkingPart('B'), thinkingPart('\n\nC')])
  })
})
