/** The rules of streams: a legal stream breaks none, and each change of it the one that it should. */
import { describe, expect, test } from 'vitest'

import { readEvents } from '../../src/cli/conformance/rules/read-events.ts'
import { streamFaults } from '../../src/cli/conformance/rules/stream-rules.ts'

interface Event {
  type: string
  [field: string]: unknown
}

const start: Event = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 3, output_tokens: 1 },
  },
}
const ping: Event = { type: 'ping' }
const open = (index: number, content_block: object): Event => ({
  type: 'content_block_start',
  index,
  content_block,
})
const delta = (index: number, value: object): Event => ({
  type: 'content_block_delta',
  index,
  delta: value,
})
const close = (index: number): Event => ({ type: 'content_block_stop', index })
const thinking = open(0, { type: 'thinking', thinking: '', signature: '' })
const text = open(1, { type: 'text', text: '' })
const call = open(2, { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} })
const more = (value: string): Event => delta(1, { type: 'text_delta', text: value })
const json = (value: string): Event => delta(2, { type: 'input_json_delta', partial_json: value })
const ended = (fields: object = {}): Event => ({
  type: 'message_delta',
  delta: { stop_reason: 'tool_use', stop_sequence: null, ...fields },
  usage: { output_tokens: 9 },
})
const stop: Event = { type: 'message_stop' }

const signature = delta(0, { type: 'signature_delta', signature: 's' })
const thought = delta(0, { type: 'thinking_delta', thinking: 'Hm' })
const thoughts = [thinking, thought, signature, close(0)]
const texts = [text, more('a'), more('b'), close(1)]
const calls = [call, json(''), json('{"a":'), json('1}'), close(2)]
const legal = [start, ping, ...thoughts, ...texts, ping, ...calls, ended(), stop]

function write(events: readonly Event[]): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
}

const faultsOf = (events: readonly Event[]): string[] => streamFaults(readEvents(write(events)))

/** The legal stream with one event replaced. */
const replace = (event: Event, ...by: Event[]): Event[] =>
  legal.flatMap((each) => (each === event ? by : [each]))

describe('a legal stream', () => {
  test('a legal stream breaks no rule', () => {
    expect(faultsOf(legal)).toEqual([])
  })

  test('a legal stream may have comments, pings and line ends of two characters', () => {
    const written = `: hello\n\n${write(legal)}`.replaceAll('\n', '\r\n')
    expect(streamFaults(readEvents(written))).toEqual([])
  })

  test('a legal stream may end in an error', () => {
    const error = { type: 'error', error: { type: 'api_error', message: 'Cut.' } }
    expect(faultsOf([start, error])).toEqual([])
  })

  test('a legal stream may have an incomplete input at the token limit', () => {
    const events = replace(json('1}')).map((event) =>
      event.type === 'message_delta' ? ended({ stop_reason: 'max_tokens' }) : event,
    )
    expect(faultsOf(events)).toEqual([])
  })
})

describe('a stream breaks a rule if', () => {
  const [, , , closed] = texts
  test.each<[string, readonly Event[], string]>([
    ['it has no start', legal.slice(1), 'a block starts outside of the message'],
    ['it starts twice', [start, ...legal], 'message_start is not the first event'],
    ['it has no end', legal.slice(0, -1), 'message_stop is missing'],
    ['something follows its end', [...legal, ping], 'ping follows the end'],
    ['an event is unknown', [start, { type: 'done' }, ...legal.slice(1)], 'done is not an event'],
    [
      'its start has no usage',
      [{ ...start, message: {} }, ...legal.slice(1)],
      'usage.input_tokens',
    ],
    [
      'its start has content',
      [{ ...start, message: { ...Object(start['message']), content: [1] } }],
      'has content',
    ],
    ['an index is left out', replace(text, open(3, { type: 'text', text: '' })), 'index 3'],
    ['a block is not closed', legal.filter((event) => event !== closed), 'before the previous one'],
    [
      'a block is closed twice',
      legal.flatMap((event) => (event === closed ? [event, event] : [event])),
      'not for the open block',
    ],
    [
      'a delta is of another block',
      replace(texts[1] ?? ping, delta(0, { type: 'text_delta', text: 'a' })),
      'not for the open block',
    ],
    [
      'a delta has another type',
      replace(thought, delta(0, { type: 'text_delta', text: 'a' })),
      'a thinking block has a text_delta',
    ],
    [
      'a delta has no text',
      replace(texts[1] ?? ping, delta(1, { type: 'text_delta' })),
      'has no text',
    ],
    [
      'thinking continues after its signature',
      replace(signature, signature, thought),
      'after its signature',
    ],
    ['thinking is signed twice', replace(signature, signature, signature), 'several signatures'],
    [
      'a thinking block starts without fields',
      replace(thinking, open(0, { type: 'thinking' })),
      'a thinking block starts',
    ],
    [
      'a text block starts with text',
      replace(text, open(1, { type: 'text', text: 'a' })),
      'a text block starts',
    ],
    [
      'a call has no id',
      replace(call, open(2, { type: 'tool_use', name: 'look', input: {} })),
      'no valid id',
    ],
    [
      'a call has no name',
      replace(call, open(2, { type: 'tool_use', id: 'toolu_1', input: {} })),
      'no name',
    ],
    [
      'a call starts with its input',
      replace(call, open(2, { type: 'tool_use', id: 'toolu_1', name: 'look', input: { a: 1 } })),
      'not empty',
    ],
    ['an input is no object', replace(calls[3] ?? ping, json('1')), 'not a JSON object'],
    ['an input comes twice', replace(calls[3] ?? ping, json('1}{"a":1}')), 'not a JSON object'],
    ['a block has no type', replace(text, open(1, {})), 'a block has no type'],
    [
      'the last event has no usage',
      legal.map((event) => (event.type === 'message_delta' ? { ...event, usage: {} } : event)),
      'no usage.output_tokens',
    ],
    ['it ends within a block', [start, text, ended(), stop], 'before the last block is closed'],
    ['it has no message_delta', [start, stop], 'does not follow message_delta'],
    [
      'its stop_reason is unknown',
      legal.map((event) =>
        event.type === 'message_delta' ? ended({ stop_reason: 'stop' }) : event,
      ),
      'stop_reason is stop',
    ],
    [
      'its stop_reason is end_turn beside a call',
      legal.map((event) =>
        event.type === 'message_delta' ? ended({ stop_reason: 'end_turn' }) : event,
      ),
      'stop_reason is end_turn',
    ],
    ['its stop_reason is tool_use without a call', [start, ended(), stop], 'without a call'],
    [
      'a stop sequence comes without its reason',
      legal.map((event) =>
        event.type === 'message_delta' ? ended({ stop_sequence: 'X' }) : event,
      ),
      'contradict each other',
    ],
    [
      'an error has no message',
      [start, { type: 'error', error: { type: 'api_error' } }],
      'no type and message',
    ],
  ])('a stream breaks a rule if %s', (_, events, fault) => {
    expect(faultsOf(events).join('\n')).toContain(fault)
  })

  test.each([
    [
      'two calls have one id',
      write(legal).replace(
        '"index":1,"content_block":{"type":"text","text":""}',
        '"index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"a","input":{}}',
      ),
      'the same id',
    ],
    ['an event has no name', write(legal).replace('event: ping\n', ''), 'an event has no name'],
    [
      'an event has another name',
      write(legal).replace('event: ping', 'event: pong'),
      'not a JSON object of that type',
    ],
    [
      'the data is no JSON',
      `${write(legal.slice(0, -1))}event: done\ndata: [DONE]\n\n`,
      'the data of done',
    ],
    ['the last blank line is missing', write(legal).slice(0, -1), 'does not end with a blank line'],
  ])('a stream breaks a rule if %s', (_, written, fault) => {
    expect(streamFaults(readEvents(written)).join('\n')).toContain(fault)
  })
})
