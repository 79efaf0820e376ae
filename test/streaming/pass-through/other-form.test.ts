import { describe, expect, test } from 'vitest'

import { createResponseFormat } from '../../../src/streaming/response-format.ts'
import { toPassage } from '../../support/passage.ts'

const options = { id: 'msg_1', model: 'm', requestId: 'req_1', estimatedInput: () => 0 }

function pass(form: 'events' | 'message', text: string, length = 1000) {
  const rename = (json: string): string => json.replace('"up"', '"mine"')
  const transcoder = createResponseFormat(form, options).transcode(toPassage({ rename }))
  const bytes = new TextEncoder().encode(text)
  let sent = ''
  for (let at = 0; at < bytes.length; at += length) {
    sent += transcoder.write(bytes.subarray(at, at + length))
  }
  sent += transcoder.end()
  return { sent, status: transcoder.status, delivered: transcoder.delivered() }
}

const call =
  '{"type":"tool_use","id":"toolu_1","name":"f","input":{"n":12345678901234567890,"7":1e3,"a":[]}}'
const message = `{"id":"msg_up","type":"message","role":"assistant","model":"up","content":[{"type":"thinking","thinking":"hm","signature":"sig"},{"type":"text","text":"é€😀","citations":[{"type":"char_location"}]},{"type":"unheard_of","value":[1]},${call}],"stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":5,"output_tokens":3}}`

const usage = { input_tokens: 5, output_tokens: 3 }
const deltas = (index: number, content_block: object, ...more: object[]) => [
  { type: 'content_block_start', index, content_block },
  ...more.map((delta) => ({ type: 'content_block_delta', index, delta })),
  { type: 'content_block_stop', index },
]
const events = [
  {
    type: 'message_start',
    message: {
      id: 'msg_up',
      type: 'message',
      role: 'assistant',
      model: 'mine',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage,
    },
  },
  ...deltas(
    0,
    { type: 'thinking', thinking: '', signature: '' },
    { type: 'thinking_delta', thinking: 'hm' },
    { type: 'signature_delta', signature: 'sig' },
  ),
  ...deltas(
    1,
    { type: 'text', text: '', citations: [] },
    { type: 'text_delta', text: 'é€😀' },
    { type: 'citations_delta', citation: { type: 'char_location' } },
  ),
  ...deltas(2, { type: 'unheard_of', value: [1] }),
  ...deltas(
    3,
    { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
    { type: 'input_json_delta', partial_json: '{"n":12345678901234567890,"7":1e3,"a":[]}' },
  ),
  { type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage },
  { type: 'message_stop' },
]

/** The data of events, each of which must have the name of its type. */
function readEvents(text: string): unknown[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .map((one) => {
      const [, name, data = ''] = /^event: (\S+)\ndata: (.*)$/.exec(one) ?? []
      const json: { type: string } = JSON.parse(data)
      expect(json.type).toBe(name)
      return json
    })
}

describe('a host that answers with one message where events were asked for', () => {
  test.each([1, 7, 1000])(
    'a message of a host where events were requested is passed on as events (reads of %i bytes)',
    (length) => {
      const { sent, status, delivered } = pass('events', message, length)
      expect(readEvents(sent)).toEqual(events)
      expect(status).toEqual({ phase: 'complete', stopReason: 'tool_use' })
      expect(delivered.usage).toMatchObject({ input: 5, output: 3 })
    },
  )

  test('a message of a host where events were requested is the same when the events are accumulated', () => {
    const { sent } = pass('events', message)
    expect(pass('message', sent).sent).toBe(message.replace('"up"', '"mine"'))
  })

  test.each([
    ['{"error":{"code":"1302","message":"High concurrency"}}', 'upstream_error'],
    ['{"code":500,"msg":"404 NOT_FOUND","success":false}', 'upstream_error'],
    ['{"base_resp":{"status_code":1002,"status_msg":"limit"}}', 'upstream_error'],
    ['{}', 'upstream_invalid_response'],
    ['<html>no</html>', 'upstream_invalid_response'],
    ['{"id":"msg_up","content":[', 'upstream_invalid_response'],
    ['', 'upstream_truncated'],
  ])('a body of a host that is not a message fails before any content: %s', (body, kind) => {
    const { sent, status } = pass('events', body)
    expect([sent, status]).toMatchObject(['', { failure: { kind }, retriable: true }])
  })
})

const event = (data: object & { type: string }): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
const start = { type: 'message_start', message: { id: 'x', model: 'up', content: [], usage: {} } }
const open = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }
const word = {
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text: 'no error' },
}
const end = [
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } },
  { type: 'message_stop' },
]
const whole = [start, open, word, ...end]

describe('a host that answers with events where a message was asked for', () => {
  test('events of a host where a message was requested are passed on as a message', () => {
    const { sent, status } = pass('message', whole.map(event).join(''), 3)
    expect(JSON.parse(sent)).toEqual({
      id: 'x',
      model: 'mine',
      content: [{ type: 'text', text: 'no error' }],
      stop_reason: 'end_turn',
      usage: { output_tokens: 3 },
    })
    expect(status).toEqual({ phase: 'complete', stopReason: 'end_turn' })
  })

  test.each([
    [[start, open, word], 'upstream_truncated'],
    [
      [start, open, { type: 'error', error: { type: 'overloaded_error', message: 'm' } }],
      'upstream_error',
    ],
  ])(
    'events of a host where a message was requested are a failure if they do not end the message',
    (incomplete, kind) => {
      const { sent, status } = pass('message', incomplete.map(event).join(''))
      expect([sent, status]).toMatchObject(['', { phase: 'failed', failure: { kind } }])
    },
  )
})

describe('a host that leaves out the names of events', () => {
  const bare = (data: object): string => `data: ${JSON.stringify(data)}\n\n`

  test('missing names of events are added, since SDKs skip events without one', () => {
    const { sent } = pass('events', whole.map(bare).join(''), 9)
    expect(sent).toBe(whole.map(event).join('').replace('"up"', '"mine"'))
  })

  test('wrong names of events are replaced', () => {
    const text = whole.map((data) => `event: message\n${bare(data)}`).join('')
    expect(pass('events', text, 9).sent).toBe(whole.map(event).join('').replace('"up"', '"mine"'))
  })
})

describe('an error after content', () => {
  const begun = [start, open, word].map(event).join('')

  test.each([
    ['data: {"error":{"code":"1302","message":"High concurrency"}}\n\n', 'rate_limit_error'],
    ['event: error\ndata: overloaded\n\n', 'overloaded_error'],
    ['data: {"type":"error","error":{"type":"1234","message":"Network"}}\n\n', 'overloaded_error'],
    ['data: {"type":"error","error":{"type":"api_error","message":"m"}}\n\n', 'api_error'],
  ])('an error after content has Anthropic’s format, whatever the host’s: %s', (error, type) => {
    const { sent, status } = pass('events', begun + error)
    const last = sent.slice(sent.indexOf('event: error'))
    expect(last).toMatch(/^event: error\ndata: .*\n\n$/)
    expect(JSON.parse(last.slice(last.indexOf('{')))).toMatchObject({
      type: 'error',
      error: { type, message: expect.any(String) },
    })
    expect(status).toMatchObject({ phase: 'failed', failure: { type }, retriable: false })
  })
})

test('a message that is too long to become events fails before its end', () => {
  const transcoder = createResponseFormat('events', options).transcode(toPassage())
  const piece = new TextEncoder().encode(`{${' '.repeat(1024 * 1024)}`)
  for (let megabytes = 0; megabytes < 17; megabytes += 1) {
    transcoder.write(piece)
  }
  expect(transcoder.status).toMatchObject({
    phase: 'failed',
    failure: { kind: 'upstream_invalid_response' },
    retriable: true,
  })
})
