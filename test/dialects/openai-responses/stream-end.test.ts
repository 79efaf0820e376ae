import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { AnswerWriter } from '../../../src/anthropic/answer/answer-writer.ts'
import { createReader } from '../../../src/dialects/openai-responses/response/stream.ts'
import { textPart } from '../../support/parts.ts'
import {
  added,
  completed,
  context,
  done,
  event,
  message,
  readEvents,
  readItems,
  target,
  text,
} from '../../support/readers/read-responses.ts'

const start = { type: 'start' }
const stop = (reason = 'end_turn') => ({ type: 'stop', reason })
const truncated = { type: 'failure', failure: { kind: 'upstream_truncated', provider: 'lab' } }

describe('usage in a Responses stream', () => {
  const usage = {
    input_tokens: 700,
    output_tokens: 9,
    input_tokens_details: { cached_tokens: 500 },
  }
  const counted = { type: 'usage', usage: { input: 200, cacheRead: 500, output: 9 } }

  test('usage in a Responses stream of a failed response comes before the failure', () => {
    const response = { status: 'failed', usage, error: { code: 'server_error', message: 'x' } }
    expect(readEvents([event('failed', { response })])).toMatchObject([
      counted,
      { type: 'failure' },
    ])
  })

  test('usage in a Responses stream is emitted as soon as a response in progress has it, with the service tier', () => {
    const response = { status: 'in_progress', usage, service_tier: 'priority' }
    const terms = { service_tier: 'priority' }
    expect(readEvents([event('in_progress', { response })])).toMatchObject([
      { ...counted, usage: { ...counted.usage, terms } },
      truncated,
    ])
  })
})

describe('the end of a Responses stream', () => {
  test.each([
    ['max_output_tokens', 'max_tokens'],
    ['content_filter', 'refusal'],
    ['max_prompt_tokens_of_context', 'model_context_window_exceeded'],
    ['whatever', 'max_tokens'],
    [undefined, 'max_tokens'],
  ])(
    'the end of a Responses stream that is incomplete because of %s has stop reason %s',
    (reason, expected) => {
      const response = { status: 'incomplete', incomplete_details: { reason } }
      const events = [added(0, message), text('Hel'), event('incomplete', { response })]
      expect(readEvents(events)).toEqual([start, textPart('Hel'), stop(expected)])
    },
  )

  test('the end of a Responses stream counts cached tokens separately, and reasoning as output', () => {
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

  test('the end of a Responses stream without a final event is a failure, with and without [DONE]', () => {
    expect(readEvents([])).toEqual([truncated])
    expect(readEvents([added(0, message), text('Hel'), '[DONE]'])).toEqual([
      start,
      textPart('Hel'),
      truncated,
    ])
  })

  test('the end of a Responses stream by cancellation is a failure', () => {
    const response = { status: 'cancelled' }
    expect(readEvents([event('cancelled', { response })])).toEqual([truncated])
  })

  test('the end of a Responses stream is final', () => {
    const events = [completed(), '[DONE]', text('more'), completed(), { type: 'error' }]
    expect(readEvents(events)).toEqual([start, stop()])
  })
})

describe('an invalid event of a Responses stream', () => {
  test.each(['alive', '"x"', '7', 'null'])(
    'an invalid event of a Responses stream is ignored as a heartbeat if it is %s',
    (data) => {
      expect(
        readEvents([
          data,
          done(0, { ...message, content: [{ type: 'output_text', text: 'a' }] }),
          data,
          completed(),
        ]),
      ).toEqual([start, textPart('a'), stop()])
    },
  )

  test.each(['<html>', '[1]'])(
    'an invalid event of a Responses stream is an invalid response if it is %s',
    (data) => {
      expect(readEvents([data])).toMatchObject([{ failure: { kind: 'upstream_invalid_response' } }])
    },
  )

  test('an invalid event of a Responses stream of any kind gives well-formed parts', () => {
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

test('a complete response without a status is classified by incomplete_details', () => {
  const fields = (reason: string) => ({ status: undefined, incomplete_details: { reason } })
  const output = [{ ...message, content: [{ type: 'output_text', text: 'Hi' }] }]
  const ends = ['max_output_tokens', 'content_filter'].map((reason) =>
    readItems(output, fields(reason)).at(-1),
  )
  expect(ends).toEqual([stop('max_tokens'), stop('refusal')])
})

test('a number of cached tokens above the prompt’s is not part of it', () => {
  const usage = {
    input_tokens: 120,
    output_tokens: 3,
    input_tokens_details: { cached_tokens: 410 },
  }
  expect(readItems([{ ...message, content: [] }], { usage }).at(-1)).toMatchObject({
    usage: { input: 120, cacheRead: 410 },
  })
})

test('a request that a policy has flagged is not retried', () => {
  const error = { code: 'bio_policy', message: 'Your request was flagged.' }
  expect(readEvents([event('failed', { response: { status: 'failed', error } })])).toMatchObject([
    { failure: { status: 400, shouldRetry: false } },
  ])
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
