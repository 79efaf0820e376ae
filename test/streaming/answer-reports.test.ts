/** What an answer loses, and what is repaired in it, is reported as a request's adaptations are. */
import { expect, test } from 'vitest'

import { createReport } from '../../src/anthropic/report.ts'
import { dialects } from '../../src/dialects/index.ts'
import { createResponseFormat } from '../../src/streaming/response-format.ts'
import { decoderOf, loaded } from '../support/loaded.ts'
import { toLine } from '../support/translate.ts'

function report(name: string, text: string, expectsJson = false): string[] {
  const dialect = dialects[name]
  if (dialect?.kind !== 'translated') {
    throw new Error(`no dialect ${name}`)
  }
  const bound = loaded(dialect.bind({ provider: 'p', model: 'm', limits: {}, takes: {} }, []))
  const options = { id: 'msg_1', model: 'm', requestId: 'req_1', estimatedInput: () => 0 }
  const collected = createReport()
  const transcoder = createResponseFormat('events', options).transcode({
    kind: 'translated',
    provider: 'p',
    dialect: bound,
    createDecoder: decoderOf(bound.framing),
    context: {
      toolNames: new Map(),
      tools: new Set(['f']),
      expectsJson,
      newToolId: () => 'toolu_1',
      report: collected,
    },
    enforceStops: [],
    firstStage: undefined,
    endStage: undefined,
  })
  transcoder.write(new TextEncoder().encode(text))
  transcoder.end()
  expect(transcoder.status).toMatchObject({ phase: 'complete' })
  return collected.adaptations.map(toLine)
}

const chat = (...deltas: object[]): string =>
  [
    ...deltas.map((delta) => ({ choices: [{ index: 0, delta }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
  ]
    .map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
    .join('')
const call = (name: string, args: string): object => ({
  tool_calls: [{ index: 0, id: 'c', function: { name, arguments: args } }],
})
const responses = (args: string): string =>
  JSON.stringify({
    status: 'completed',
    output: [{ type: 'function_call', id: 'fc', call_id: 'c', name: 'f', arguments: args }],
  })
const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }

test.each([
  [
    'a name with a token of the template',
    chat(call('f<|channel|>x', '{}')),
    ['map answer.tool_use.name: f'],
  ],
  ['a brace too many', chat(call('f', '{"a":1}}')), ['map answer.tool_use.input: object']],
  ['arguments that are null', chat(call('f', 'null')), ['map answer.tool_use.input: object']],
  ['an image', chat({ content: 'x', images: [image] }), ['drop answer.image']],
  [
    'an end tag without its start',
    chat({ reasoning_content: 'hm' }, { content: '</think>x' }),
    ['map answer.text: without a stray tag'],
  ],
  [
    'reasoning after the answer',
    chat({ content: 'x' }, { reasoning_content: 'hm' }),
    ['drop answer.thinking'],
  ],
  [
    'reasoning in an unknown field',
    chat({ inner_thoughts: 'hm' }, { content: 'x' }),
    ['drop answer.thinking'],
  ],
  [
    'reasoning between two texts',
    chat({ content: 'x' }, { reasoning_content: 'hm' }, { content: 'y' }),
    ['drop answer.thinking'],
  ],
])('chat completions: %s', (_, text, lines) => {
  expect(report('openai-chat', text)).toEqual(lines)
})

test.each([
  ['reasoning before the text', chat({ reasoning_content: 'hm' }, { content: 'x' })],
  [
    'reasoning between a text and a call',
    chat({ content: 'x' }, { reasoning_content: 'hm' }, call('f', '{"a":1}\n')),
  ],
  ['arguments in pieces', chat(call('f', '{"a"'), call('', ':1}'))],
])('nothing is reported of %s', (_, text) => {
  expect(report('openai-chat', text)).toEqual([])
})

test('a fence around requested JSON', () => {
  const text = chat({ content: '```json\n{"a":1}\n```' })
  expect(report('openai-chat', text, true)).toEqual(['map answer.text: without its fence'])
  expect(report('openai-chat', text)).toEqual([])
})

test('the Responses API: arguments with an end tag behind them', () => {
  expect(report('openai-responses', responses('{"a":1}</tool_call>'))).toEqual([
    'map answer.tool_use.input: object',
  ])
  expect(report('openai-responses', responses('{"a":1}'))).toEqual([])
})
