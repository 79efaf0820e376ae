/** The arguments of tool calls reach the client as the model wrote them, whatever form the upstream has for them. */
import { expect, test } from 'vitest'

import { dialects } from '../../src/dialects/index.ts'
import { createResponseFormat } from '../../src/streaming/response-format.ts'
import { decoderOf, loaded } from '../support/loaded.ts'

const written = '{"order":9007199254740995,"7":1e3,"b":[{"2":-12345678901234567890}]}'

const gemini = `{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":${written}}}]},"finishReason":"STOP"}]}`
const converse = `{"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"t","name":"f","input":${written}}}]}},"stopReason":"tool_use"}`
const chat = (value: string): string =>
  `{"choices":[{"message":{"tool_calls":[{"id":"c","function":{"name":"f","arguments":${value}}}]},"finish_reason":"tool_calls"}]}`
const responses = (value: string): string =>
  `{"status":"completed","output":[{"type":"function_call","id":"fc","call_id":"c","name":"f","arguments":${value}}]}`

function pass(form: 'events' | 'message', name: string, text: string): string {
  const dialect = dialects[name]
  if (dialect?.kind !== 'translated') {
    throw new Error(`no dialect ${name}`)
  }
  const target = { provider: 'p', model: 'm', limits: {}, takes: {} }
  const bound = loaded(dialect.bind(target, []))
  const options = { id: 'msg_1', model: 'm', requestId: 'req_1', estimatedInput: () => 0 }
  const transcoder = createResponseFormat(form, options).transcode({
    kind: 'translated',
    provider: 'p',
    dialect: bound,
    createDecoder: decoderOf(bound.framing),
    context: { toolNames: new Map(), newToolId: () => 'toolu_1' },
    enforceStops: [],
    firstStage: undefined,
    endStage: undefined,
  })
  return transcoder.write(new TextEncoder().encode(text)) + transcoder.end()
}

test.each([
  ['gemini', 'one answer', gemini],
  ['gemini', 'a stream', `data: ${gemini}\n\n`],
  ['bedrock', 'one answer', converse],
  ['openai-chat', 'one answer', chat(JSON.stringify(written))],
  ['openai-chat', 'one answer with an object', chat(written)],
  [
    'openai-chat',
    'a stream with an object',
    `data: ${chat(written).replace('"message"', '"delta"')}\n\ndata: [DONE]\n\n`,
  ],
  ['openai-responses', 'one answer', responses(JSON.stringify(written))],
  ['openai-responses', 'one answer with an object', responses(written)],
])('%s, %s', (dialect, _, text) => {
  expect(pass('message', dialect, text)).toContain(`"input":${written}`)
  expect(pass('events', dialect, text)).toContain(`"partial_json":${JSON.stringify(written)}`)
})
