/** Shapes of chat completions that a server spoiled, and what the model meant. */
import { describe, expect, test } from 'vitest'

import {
  call,
  calls,
  delta,
  finish,
  readBody,
  readStream,
  stop,
} from '../../support/readers/read-chat.ts'

const text = (value: string) => ({ type: 'text-delta', text: value })
const thinking = (value: string) => ({ type: 'thinking-delta', text: value })

function inputsOf(parts: readonly object[]): string[] {
  const inputs: string[] = []
  for (const part of parts) {
    if ('call' in part && 'json' in part) {
      const number = Number(part.call)
      inputs[number] = (inputs[number] ?? '') + String(part.json)
    }
  }
  return inputs
}

describe('the index of a tool call delta', () => {
  test('the index of a tool call delta is ignored in deltas without id and name', () => {
    const parts = readStream([
      calls(call({ index: 0, id: 'c1', name: 'f', arguments: '' })),
      calls(call({ index: 1, arguments: '{"a":' })),
      calls(call({ index: 2, arguments: '1}' })),
      finish('tool_calls'),
    ])
    expect(inputsOf(parts)).toEqual(['{"a":1}'])
  })

  test('the index of a tool call delta may be a string', () => {
    const entry = (index: string, more: object) => calls({ ...call(more), index })
    const parts = readStream([
      entry('0', { id: 'c1', name: 'f', arguments: '{"a":' }),
      entry('1', { id: 'c2', name: 'g', arguments: '{"b":' }),
      entry('1', { arguments: '2}' }),
      entry('0', { arguments: '1}' }),
      finish('tool_calls'),
    ])
    expect(inputsOf(parts)).toEqual(['{"a":1}', '{"b":2}'])
  })
})

describe('the native finish reason of a router', () => {
  const choice = (fields: object) => delta({}, fields)

  test.each(['length', 'max_output_tokens', 'MAX_TOKENS'])(
    'the native finish reason of a router is the token limit if only %s shows it',
    (native_finish_reason) => {
      const parts = readStream([
        calls(call({ index: 0, id: 'c1', name: 'f', arguments: '{"a":"x' })),
        choice({ finish_reason: 'tool_calls', native_finish_reason }),
      ])
      expect(parts.at(-1)).toEqual(stop('max_tokens'))
    },
  )

  test('the native finish reason of a router is ignored if it has no special meaning', () => {
    const ends = ['STOP', 'completed', 'tool_calls', 'SAFETY']
    for (const native_finish_reason of ends) {
      const parts = readStream([
        delta({ content: 'a' }),
        choice({ finish_reason: 'stop', native_finish_reason }),
      ])
      expect(parts.at(-1)).toEqual(stop('end_turn'))
    }
  })

  test.each(['request_aborted', 'engine_error', 'generation_failed', 'upstream-timeout'])(
    'the native finish reason of a router is a failure if it is %s',
    (reason) => {
      expect(readStream([delta({ content: 'a' }), finish(reason)]).at(-1)).toMatchObject({
        type: 'failure',
      })
    },
  )
})

describe('events of a chat stream', () => {
  test('events of a chat stream without a blank line between them are read one by one', () => {
    const chunks = [calls(call({ index: 0, id: 'c', name: 'f', arguments: '{"a":' }))]
    const rest = [calls(call({ index: 0, arguments: '1}' })), finish('tool_calls')]
    const data = [...chunks, ...rest].map((chunk) => JSON.stringify(chunk)).join('\n')
    expect(inputsOf(readStream([data]))).toEqual(['{"a":1}'])
  })

  test('events of a chat stream may have one JSON value over several data lines', () => {
    const data = JSON.stringify(delta({ content: 'a' }), null, 1)
    expect(readStream([data, finish('stop')])).toEqual([text('a'), stop('end_turn')])
  })
})

describe('an error', () => {
  test.each([
    ['internal_server_error', 'internal_server_error'],
    [{ message: 'over capacity' }, 'over capacity'],
  ])('an error of Groq in the last chunk is %j', (error, words) => {
    const last = { choices: [], x_groq: { id: 'r', error } }
    const failure = readStream([delta({ content: 'First,' }), last]).at(-1)
    expect(failure).toMatchObject({ type: 'failure' })
    expect(JSON.stringify(failure)).toContain(words)
  })

  test('a status field in a body of status 200 is an error', () => {
    const body = { status: '449', msg: 'Too many calls within one minute, slow down', body: null }
    const expected = [{ type: 'failure', failure: { type: 'rate_limit_error', status: 429 } }]
    expect(readBody(body)).toMatchObject(expected)
    expect(readStream([body])).toMatchObject(expected)
  })
})

describe('a closing think tag', () => {
  test('a closing think tag at the start of the content is dropped if reasoning has its own field', () => {
    const parts = readStream([
      delta({ reasoning: 'Hm' }),
      delta({ content: '</thi' }),
      delta({ content: 'nk>\n\nYes' }),
      finish('stop'),
    ])
    expect(parts).toMatchObject([thinking('Hm'), { signature: 'reasoning' }, text('Yes'), {}])
  })

  test('a closing think tag in the middle of an answer is text, with and without the think-tags quirk', () => {
    for (const think_tags of [true, false]) {
      const chunks = [
        delta({ reasoning_content: 'Hm' }),
        delta({ content: 'Check. </think> Done.' }),
        finish('stop'),
      ]
      const parts = readStream(chunks, { quirks: { think_tags } })
      expect(parts).toContainEqual(text('Check. </think> Done.'))
    }
  })
})

describe('a generated image', () => {
  const image_url = { url: 'data:image/png;base64,AAAA' }

  test.each([
    ['images', { images: [{ type: 'image_url', image_url }] }],
    ['content', { content: [{ type: 'image_url', image_url }] }],
  ])('a generated image in %s is replaced by a note', (_, message) => {
    expect(readStream([delta(message), finish('stop')])).toContainEqual(text('[image/png omitted]'))
    expect(readBody({ choices: [{ message }] })).toContainEqual(text('[image/png omitted]'))
  })
})

describe('provider state that must be returned', () => {
  const block = { type: 'thinking', thinking: 'Open it.', signature: 'SIG' }

  test('provider state that must be returned may be LiteLLM’s thinking_blocks, streamed or not', () => {
    const message = { content: 'a', reasoning_content: 'Open it.', thinking_blocks: [block] }
    const state = { signature: 'reasoning_content', state: { thinking_blocks: [block] } }
    expect(readBody({ choices: [{ message }] })).toContainEqual(state)
    const pieces = [
      { type: 'thinking', thinking: 'Open ', signature: null },
      { type: 'thinking', thinking: 'it.', signature: null },
      { type: 'thinking', thinking: '', signature: 'SIG' },
    ]
    const chunks = pieces.map((piece) =>
      delta({ reasoning_content: piece.thinking, thinking_blocks: [piece] }),
    )
    const parts = readStream([...chunks, delta({ content: 'a' }), finish('stop')])
    expect(parts).toContainEqual(state)
  })

  test('provider state that must be returned may be reasoning that is an object', () => {
    const chunks = [
      delta({ reasoning: { text: 'Open ' } }),
      delta({ reasoning: { text: 'it.', signature: 'SIG' } }),
    ]
    expect(readStream([...chunks, delta({ content: 'a' }), finish('stop')])).toMatchObject([
      thinking('Open '),
      thinking('it.'),
      { signature: 'message', state: { reasoning: { text: 'Open it.', signature: 'SIG' } } },
      text('a'),
      {},
    ])
  })
})

test('a token limit that a server reports as an error is an answer without content', () => {
  const message =
    'Could not finish the message because max_tokens or model output limit was reached.'
  const body = { error: { message, type: 'invalid_request_error' } }
  expect(readBody(body)).toEqual([stop('max_tokens')])
  expect(readStream([body])).toEqual([stop('max_tokens')])
})

test('cache writes are counted under every name that servers use', () => {
  const prompt_tokens_details = [
    { cache_write_tokens: 30 },
    { cache_creation_tokens: 30 },
    { created_cache_tokens: 30 },
    { cache_creation_input_tokens: 30 },
  ]
  for (const details of prompt_tokens_details) {
    const usage = { prompt_tokens: 100, completion_tokens: 1, prompt_tokens_details: details }
    expect(readBody({ choices: [{ message: { content: 'a' } }], usage }).at(-1)).toMatchObject({
      usage: { input: 70, cacheWrite: 30 },
    })
  }
})
