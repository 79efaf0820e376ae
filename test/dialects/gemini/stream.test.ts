import { describe, expect, test } from 'vitest'

import { chunk, readBody, readStream, stopped } from '../../support/readers/read-gemini.ts'

const end = { type: 'stop', reason: 'end_turn' }
const text = (said: string) => ({ type: 'text-delta', text: said })
const thinking = (said: string) => ({ type: 'thinking-delta', text: said })
const called = (number: number, name: string, json = '{}') => [
  { type: 'tool-start', call: number, id: `toolu_${number}`, name },
  { type: 'tool-delta', call: number, json },
  { type: 'tool-end', call: number },
]
const cut = { type: 'failure', failure: { kind: 'upstream_truncated', provider: 'lab' } }

describe('text and thinking of a Gemini stream', () => {
  test('thinking of a Gemini stream is signed before the text begins, and at the end', () => {
    expect(
      readStream([chunk([{ text: 'Hm.', thought: true }, { text: 'Yes.' }]), stopped]),
    ).toEqual([thinking('Hm.'), { state: null }, text('Yes.'), end])
    expect(readStream([chunk([{ text: 'Hm.', thought: true }]), stopped])).toEqual([
      thinking('Hm.'),
      { state: null },
      end,
    ])
  })

  test('reasoning of a Gemini stream that blank text separates is one thinking block', () => {
    const chunks = ['A', 'B'].flatMap((said) => [
      chunk([{ text: said, thought: true }]),
      chunk([{ text: '\n' }]),
    ])
    expect(readStream([...chunks, chunk([{ text: 'Yes.' }]), stopped])).toEqual([
      thinking('A'),
      thinking('B'),
      { state: null },
      text('\n\nYes.'),
      end,
    ])
  })

  test('a Gemini stream has a note in place of a generated image', () => {
    const parts = [{ inlineData: { mimeType: 'image/png', data: 'AA==' } }]
    expect(readBody(chunk(parts, { finishReason: 'STOP' }))).toEqual([
      text('[image/png omitted]'),
      end,
    ])
  })

  test('a Gemini stream has nothing of tools that Google ran itself', () => {
    const parts = [
      { executableCode: { language: 'PYTHON', code: '1' }, thoughtSignature: 'x' },
      { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
      { text: 'One.' },
    ]
    expect(readStream([chunk(parts), stopped])).toEqual([text('One.'), end])
  })
})

describe('a thought signature of Gemini', () => {
  const call = { functionCall: { name: 'f', args: { a: 1 }, id: 'c1' }, thoughtSignature: 'S' }

  test('a thought signature of Gemini of a function call is sent directly before it, and closes a thinking block', () => {
    expect(readStream([chunk([{ text: 'Hm.', thought: true }, call]), stopped])).toEqual([
      thinking('Hm.'),
      { state: { call: 'S', id: 'c1' } },
      ...called(0, 'f', '{"a":1}'),
      end,
    ])
  })

  test('a thought signature of Gemini of parallel function calls is sent only before the first', () => {
    const second = { functionCall: { name: 'g', id: 'c2' } }
    expect(readStream([chunk([call, second]), stopped])).toEqual([
      { state: { call: 'S', id: 'c1' } },
      ...called(0, 'f', '{"a":1}'),
      ...called(1, 'g'),
      end,
    ])
  })

  test('a thought signature of Gemini of text is sent before it, with the length that it signs', () => {
    const parts = [{ text: 'The sum ', thoughtSignature: 'S' }, { text: 'is 5.' }]
    expect(readStream([chunk(parts), stopped])).toEqual([
      { state: { text: 'S', length: 8 } },
      text('The sum '),
      text('is 5.'),
      end,
    ])
  })

  test('a thought signature of Gemini of text that has begun is sent with the signature of the next function call', () => {
    const parts = [{ text: 'I will.' }, { text: '', thoughtSignature: 'T' }, call]
    expect(readStream([chunk(parts), stopped])).toEqual([
      text('I will.'),
      { state: { text: 'T', length: 0, call: 'S', id: 'c1' } },
      ...called(0, 'f', '{"a":1}'),
      end,
    ])
  })

  test('a thought signature of Gemini of an empty part is sent before the text after it', () => {
    const parts = [{ text: '', thoughtSignature: 'T' }, { text: 'Yes.' }]
    expect(readStream([chunk(parts), stopped])).toEqual([
      { state: { text: 'T', length: 0 } },
      text('Yes.'),
      end,
    ])
  })

  test('a thought signature of Gemini at the end of the answer is dropped, since the last block must not be thinking', () => {
    const parts = [{ text: 'Yes.' }, { text: '', thoughtSignature: 'T' }]
    expect(readStream([chunk(parts), stopped])).toEqual([text('Yes.'), end])
  })

  test('a thought signature of Gemini of a thought is the signature of its thinking block', () => {
    const parts = [{ text: 'Hm.', thought: true, thoughtSignature: 'T' }, { text: 'Yes.' }]
    expect(readStream([chunk(parts), stopped])).toEqual([
      thinking('Hm.'),
      { state: { thought: 'T' } },
      text('Yes.'),
      end,
    ])
  })
})

describe('a function call of Gemini', () => {
  test('a function call of Gemini has the client’s name of the tool', () => {
    const parts = [{ functionCall: { name: 'short', args: {} } }]
    expect(readStream([chunk(parts), stopped], { short: 'mcp__long' })).toEqual([
      ...called(0, 'mcp__long'),
      end,
    ])
  })

  test('a function call of Gemini may have its arguments in deltas', () => {
    const pieces = [
      { name: 'f', willContinue: true },
      {
        partialArgs: [{ jsonPath: '$.a', stringValue: 'on', willContinue: true }],
        willContinue: true,
      },
      {
        partialArgs: [
          { jsonPath: '$.a', stringValue: 'e' },
          { jsonPath: '$.list[0].n', numberValue: 2 },
          { jsonPath: "$['odd name']", boolValue: false },
          { jsonPath: '$.none', nullValue: 'NULL_VALUE' },
        ],
        willContinue: true,
      },
      {},
      { name: 'g', willContinue: true },
      { partialArgs: [{ jsonPath: '$.b', numberValue: 1 }] },
    ]
    const chunks = pieces.map((functionCall) => chunk([{ functionCall }]))
    expect(readStream([...chunks, stopped])).toEqual([
      ...called(0, 'f', '{"a":"one","list":[{"n":2}],"odd name":false,"none":null}'),
      ...called(1, 'g', '{"b":1}'),
      end,
    ])
  })

  test('a function call of Gemini with truncated arguments is not completed', () => {
    const functionCall = {
      name: 'f',
      partialArgs: [{ jsonPath: '$.a', stringValue: 'on', willContinue: true }],
      willContinue: true,
    }
    const last = chunk([], { finishReason: 'MAX_TOKENS' })
    expect(readStream([chunk([{ functionCall }]), last])).toEqual([
      ...called(0, 'f', '{"a":"on"'),
      { type: 'stop', reason: 'max_tokens' },
    ])
  })

  test('a function call of Gemini cannot change Object.prototype by a path in its arguments', () => {
    const partialArgs = [{ jsonPath: '$.__proto__.polluted', stringValue: 'x' }]
    readStream([chunk([{ functionCall: { name: 'f', partialArgs } }]), stopped])
    expect(({} as Record<string, unknown>)['polluted']).toBe(undefined)
  })

  test('a function call of Gemini cannot create a list of a billion items by a path in its arguments', () => {
    const partialArgs = [{ jsonPath: '$.a[999999999]', stringValue: 'x' }]
    const [, input] = readStream([chunk([{ functionCall: { name: 'f', partialArgs } }]), stopped])
    expect(input).toEqual({ type: 'tool-delta', call: 0, json: '{"a":["x"]}' })
  })

  test('a function call of Gemini without a name is an invalid response', () => {
    expect(readStream([chunk([{ functionCall: { args: {} } }]), stopped])).toEqual([
      {
        type: 'failure',
        failure: {
          kind: 'upstream_invalid_response',
          provider: 'lab',
          detail: 'a function call without a name',
        },
      },
    ])
  })
})

describe('the end of a Gemini response', () => {
  test.each([
    ['STOP', { reason: 'end_turn' }],
    ['MAX_TOKENS', { reason: 'max_tokens' }],
    ['A_NEW_WORD', { reason: 'end_turn' }],
    ['SPII', { reason: 'refusal', explanation: 'SPII' }],
  ])('the end of a Gemini response is correct for %s', (finishReason, stop) => {
    expect(readStream([chunk([{ text: 'a' }], { finishReason })])).toEqual([
      text('a'),
      { type: 'stop', ...stop },
    ])
  })

  test.each(['OTHER', 'MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'MALFORMED_RESPONSE'])(
    'the end of a Gemini response is a failure that may be retried for %s',
    (finishReason) => {
      const [failure] = readStream([chunk([], { finishReason })])
      expect(failure).toMatchObject({
        type: 'failure',
        failure: { kind: 'upstream_error', status: 502, type: 'api_error' },
      })
    },
  )

  test('the end of a Gemini response with a blocked prompt is a refusal with Google’s reason', () => {
    const promptFeedback = { blockReason: 'MODEL_ARMOR', blockReasonMessage: 'Jailbreak.' }
    const refusal = { type: 'stop', reason: 'refusal', explanation: 'Jailbreak.' }
    expect(readStream([{ promptFeedback }])).toEqual([refusal])
    expect(readBody({ promptFeedback })).toEqual([refusal])
  })

  test('the end of a Gemini response without a finish reason is a truncated stream', () => {
    expect(readStream([chunk([{ text: 'a' }])])).toEqual([text('a'), cut])
    expect(readStream([])).toEqual([cut])
    expect(readBody([chunk([{ text: 'a' }])])).toEqual([text('a'), cut])
  })

  test('the end of a Gemini response without a finish reason is a complete non-streaming response', () => {
    expect(readBody(chunk([{ text: 'a' }]))).toEqual([text('a'), end])
  })

  test('the end of a Gemini response may be a [DONE] from a proxy', () => {
    expect(readStream([chunk([{ text: 'a' }]), stopped, '[DONE]'])).toEqual([text('a'), end])
  })

  test('the end of a Gemini response is followed by events that are ignored', () => {
    const error = { error: { code: 500, message: 'x', status: 'INTERNAL' } }
    expect(readStream([error, chunk([{ text: 'a' }])])).toHaveLength(1)
  })
})

describe('a Gemini event without a chunk', () => {
  test.each(['null', '7', 'alive', '"text"'])(
    'a Gemini event without a chunk is ignored as a heartbeat if it is %s',
    (data) => {
      expect(readStream([data, chunk([{ text: 'a' }]), data, stopped])).toEqual([text('a'), end])
      expect(readStream([data])).toMatchObject([{ type: 'failure' }])
    },
  )

  test.each(['{"a"', '<html>'])(
    'a Gemini event without a chunk is an invalid response if it is %s',
    (data) => {
      expect(readStream([data])).toMatchObject([
        { type: 'failure', failure: { kind: 'upstream_invalid_response' } },
      ])
    },
  )

  test('a Gemini event without a chunk is ignored if it is a keep-alive', () => {
    expect(readStream([{}, { candidates: [] }, chunk([{ text: 'a' }]), stopped])).toEqual([
      text('a'),
      end,
    ])
  })

  test('a Gemini event without a chunk is an invalid response if it is a non-streaming response without candidates', () => {
    expect(readBody({})).toMatchObject([
      { type: 'failure', failure: { kind: 'upstream_invalid_response' } },
    ])
  })

  test('a Gemini event without a chunk does not discard earlier usage', () => {
    const counted = { promptTokenCount: 10, cachedContentTokenCount: 4, thoughtsTokenCount: 3 }
    const chunks = [
      { ...chunk([{ text: 'a' }]), usageMetadata: counted },
      { ...stopped, usageMetadata: { trafficType: 'ON_DEMAND' } },
    ]
    expect(readStream(chunks).at(-1)).toEqual({
      ...end,
      usage: { input: 6, output: 3, cacheRead: 4, cacheWrite: 0, thinking: 3 },
    })
  })
})

describe('an error', () => {
  const body = (code: number, status: string, message: string, details: object[] = []) => ({
    error: { code, message, status, details },
  })

  test.each([
    [body(503, 'UNAVAILABLE', 'The model is overloaded.'), 529, 'overloaded_error'],
    [body(429, 'RESOURCE_EXHAUSTED', 'Resource exhausted.'), 429, 'rate_limit_error'],
    [body(500, 'INTERNAL', 'An internal error has occurred.'), 500, 'api_error'],
    [body(504, 'DEADLINE_EXCEEDED', 'Deadline expired.'), 504, 'timeout_error'],
  ])('an error in a Gemini stream is classified by its status: %j', (error, status, type) => {
    const failures = [{ type: 'failure', failure: { kind: 'upstream_error', status, type } }]
    expect(readStream([error])).toMatchObject(failures)
    expect(readStream([JSON.stringify([error])])).toMatchObject(failures)
    expect(readBody([error])).toMatchObject(failures)
    expect(readBody(error)).toMatchObject(failures)
  })
})

describe('an unknown finish reason of Gemini', () => {
  test.each([
    ['CONTINUATION', { type: 'stop', reason: 'max_tokens' }],
    ['ESCALATION', { type: 'stop', reason: 'refusal' }],
    ['PUP_LIMITED_DISABLED', { type: 'stop', reason: 'refusal' }],
    ['SOME_NEW_SAFETY', { type: 'stop', reason: 'refusal' }],
    ['ENGINE_ABORTED', { type: 'failure' }],
    ['SOMETHING_NICE', { type: 'stop', reason: 'end_turn' }],
  ])(
    'an unknown finish reason of Gemini is classified by its wording: %s',
    (finishReason, expected) => {
      expect(readBody(chunk([{ text: 'a' }], { finishReason }))).toContainEqual(text('a'))
      expect(readStream([chunk([{ text: 'a' }], { finishReason })]).at(-1)).toMatchObject(expected)
    },
  )
})

describe('Gemini usage without promptTokenCount', () => {
  const counted = { candidatesTokenCount: 21, thoughtsTokenCount: 40 }
  const usageOf = (usageMetadata: object) =>
    readBody({ ...chunk([{ text: 'a' }], { finishReason: 'STOP' }), usageMetadata }).at(-1)

  test('Gemini usage without promptTokenCount still has the output tokens', () => {
    expect(usageOf(counted)).toMatchObject({
      usage: { input: undefined, output: 61, thinking: 40 },
    })
  })

  test('Gemini usage without promptTokenCount has the prompt’s tokens from the total', () => {
    expect(usageOf({ ...counted, totalTokenCount: 100 })).toMatchObject({
      usage: { input: 39, output: 61 },
    })
  })
})

describe('usage', () => {
  const counted = (candidates: number, more: object = {}) => ({
    usageMetadata: {
      promptTokenCount: 700,
      cachedContentTokenCount: 500,
      candidatesTokenCount: candidates,
      ...more,
    },
  })
  const reported = (output: number) => ({
    type: 'usage',
    usage: { input: 200, cacheRead: 500, output },
  })

  test('usage of Gemini comes after the content of each chunk, also of one that is an error', () => {
    const error = { error: { code: 503, message: 'overloaded' }, ...counted(3) }
    expect(
      readStream([
        { ...chunk([{ text: 'a' }]), ...counted(1) },
        { ...chunk([{ text: 'b' }]), ...counted(2) },
        error,
      ]),
    ).toMatchObject([
      text('a'),
      reported(1),
      text('b'),
      reported(2),
      reported(3),
      { type: 'failure' },
    ])
  })

  test.each([
    [{ trafficType: 'ON_DEMAND_FLEX' }, { service_tier: 'flex' }],
    [{ trafficType: 'ON_DEMAND_PRIORITY' }, { service_tier: 'priority' }],
    [{ serviceTier: 'SERVICE_TIER_FLEX' }, { service_tier: 'flex' }],
    [{ trafficType: 'ON_DEMAND' }, undefined],
  ])('usage of Gemini is of the tier that %j names', (fields, terms) => {
    const parts = readStream([{ ...chunk([{ text: 'a' }]), ...counted(1, fields) }, stopped])
    expect(parts).toContainEqual(expect.objectContaining({ type: 'usage' }))
    const usage = parts.find((part) => 'type' in part && part.type === 'usage')
    expect(usage).toMatchObject({ usage: terms === undefined ? {} : { terms } })
  })
})
