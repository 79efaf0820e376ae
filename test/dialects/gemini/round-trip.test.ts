/** What an answer of Gemini's gives the client, and what goes up when the client sends it back. */
import { describe, expect, test } from 'vitest'

import type { Message } from '../../../src/anthropic/answer/wire/message.ts'
import { receiveWhole } from '../../recordings/support/received.ts'
import { chunk } from '../../support/readers/read-gemini.ts'
import { ask, translate } from '../../support/translate.ts'
import type { RequestTarget } from '../../support/translate.ts'

const flash = { preset: 'gemini', dialect: 'gemini', model: 'gemini-3-flash-preview' }
const tools = [
  { name: 'Bash', input_schema: { type: 'object', properties: { a: { type: 'string' } } } },
]

/** The message that a client gets for this answer. */
function received(parts: readonly object[]): Message {
  const body = JSON.stringify(chunk(parts, { finishReason: 'STOP' }))
  const { message } = receiveWhole(
    new TextEncoder().encode(body),
    translate(ask({ tools }), flash).dialect,
  )
  return message!
}

/** The contents of the next request, in which each call has its result. */
function sentBack(parts: readonly object[], next: RequestTarget = flash): unknown {
  const { content } = received(parts)
  const results = content
    .filter((block) => block.type === 'tool_use')
    .map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: `of ${id}` }))
  const messages = [
    { role: 'user', content: 'Go.' },
    { role: 'assistant', content },
    { role: 'user', content: [...results, { type: 'text', text: 'On.' }] },
  ]
  const { contents } = translate(ask({ tools, messages }), next).upstream.body as {
    contents: { role: string; parts: object[] }[]
  }
  return contents.slice(1).map((each) => each.parts)
}

const call = (id: string, thoughtSignature?: string) => ({
  functionCall: { id, name: 'Bash', args: { a: 'x' } },
  ...(thoughtSignature === undefined ? {} : { thoughtSignature }),
})
const response = (id: string, callId: string) => ({
  functionResponse: { id, name: 'Bash', response: { output: `of ${callId}` } },
})

describe('a Gemini answer that the client sends back', () => {
  test('a Gemini answer that the client sends back has its signature on the same function call, the first of parallel ones', () => {
    const parts = [{ text: 'Hm.', thought: true }, call('c1', 'Sig+/='), call('c2')]
    expect(sentBack(parts)).toEqual([
      // The second call has no block to carry its id; response and call still have the same.
      [call('c1', 'Sig+/='), call('toolu_1')],
      [response('c1', 'toolu_0'), response('toolu_1', 'toolu_1'), { text: 'On.' }],
    ])
  })

  test('a Gemini answer that the client sends back has several signatures on the parts where they were', () => {
    const parts = [
      { text: 'I will look.' },
      call('c1', 'one'),
      { text: 'And again.' },
      call('c2', 'two'),
    ]
    expect(sentBack(parts)).toEqual([
      parts,
      [response('c1', 'toolu_0'), response('c2', 'toolu_1'), { text: 'On.' }],
    ])
  })

  test('a Gemini answer that the client sends back has signed text in a part apart from unsigned text', () => {
    const parts = [{ text: 'The sum ', thoughtSignature: 'T' }, { text: 'is 5.' }, call('c1', 'S')]
    expect(sentBack(parts)).toEqual([parts, [response('c1', 'toolu_0'), { text: 'On.' }]])
  })

  test('a Gemini answer that the client sends back has the signature of a text before the function call that follows', () => {
    const parts = [{ text: 'Sum.' }, { text: '', thoughtSignature: 'T' }, call('c1', 'S')]
    expect(sentBack(parts)).toEqual([parts, [response('c1', 'toolu_0'), { text: 'On.' }]])
  })

  test('a Gemini answer that the client sends back has a thought only if the thought itself is signed', () => {
    const signed = { text: 'Hm.', thought: true, thoughtSignature: 'T' }
    const parts = [signed, { text: 'Yes.' }]
    expect(sentBack(parts)).toEqual([parts, [{ text: 'On.' }]])
    expect(sentBack([{ text: 'Hm.', thought: true }, { text: 'Yes.' }])).toEqual([
      [{ text: 'Yes.' }],
      [{ text: 'On.' }],
    ])
  })

  test('a Gemini answer that the client sends back has only the placeholder signature for another model', () => {
    expect(sentBack([call('c1', 'S')], { ...flash, model: 'gemini-3.1-pro-preview' })).toEqual([
      [call('toolu_0', 'skip_thought_signature_validator')],
      [response('toolu_0', 'toolu_0'), { text: 'On.' }],
    ])
  })

  test('a Gemini answer that the client sends back has no signature for a model that needs none', () => {
    const older = { ...flash, model: 'gemini-2.5-flash' }
    expect(sentBack([call('c1', 'S')], older)).toEqual([
      [{ functionCall: { name: 'Bash', args: { a: 'x' } } }],
      [{ functionResponse: { name: 'Bash', response: { output: 'of toolu_0' } } }, { text: 'On.' }],
    ])
  })
})
