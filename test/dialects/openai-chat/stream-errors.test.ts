import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { textPart } from '../../support/parts.ts'
import { delta, finish, readStream, stop } from '../../support/readers/read-chat.ts'

const deltaKeys = fc.constantFrom(
  'content',
  'reasoning',
  'reasoning_details',
  'refusal',
  'tool_calls',
  'function_call',
  'extra_content',
)

describe('an error in a chat stream', () => {
  const error = { message: 'Busy', code: 503 }
  const hi = delta({ content: 'Hi' })
  const failure = {
    type: 'failure',
    failure: {
      kind: 'upstream_error',
      provider: 'lab',
      status: 529,
      type: 'overloaded_error',
      message: 'lab: Busy',
    },
  }

  test.each<[string, string | object]>([
    ['instead of choices', { error }],
    ['beside choices', { error, choices: [{ index: 0, delta: { content: 'x' } }] }],
    ['in a choice', { choices: [{ index: 0, error, finish_reason: 'error' }] }],
    ['in an array', [{ error }]],
    ['as an event of that name', { event: 'error', data: JSON.stringify({ error }) }],
    ['as a bare object in such an event', { event: 'error', data: JSON.stringify(error) }],
    ['without an envelope', { object: 'error', ...error }],
  ])('an error in a chat stream ends the answer %s', (_, said) => {
    expect(readStream([hi, said, hi, finish('stop')])).toEqual([textPart('Hi'), failure])
  })

  test('an error in a chat stream may be plain text', () => {
    expect(readStream([{ event: 'error', data: 'upstream went away' }])).toEqual([
      {
        type: 'failure',
        failure: {
          kind: 'upstream_error',
          provider: 'lab',
          status: 502,
          type: 'api_error',
          message: 'lab: upstream went away',
        },
      },
    ])
  })

  test.each([{ error: null }, { error: '' }, { error: {} }, { base_resp: { status_code: 0 } }])(
    'an error in a chat stream is not one with the fields %j',
    (fields) => {
      expect(readStream([{ ...hi, ...fields }, finish('stop')])).toEqual([
        textPart('Hi'),
        stop('end_turn'),
      ])
    },
  )

  test.each(['null', '1764316800', '"text"', 'alive'])(
    'an error in a chat stream is not the heartbeat %s',
    (data) => {
      expect(readStream([hi, data, { event: 'keepalive', data }, finish('stop')])).toEqual([
        textPart('Hi'),
        stop('end_turn'),
      ])
      expect(readStream([data, data])).toMatchObject([{ type: 'failure' }])
    },
  )

  test.each(['{"choices":[', '[]', '<html>'])(
    'an error in a chat stream is an event that is not a chunk: %s',
    (data) => {
      expect(readStream([hi, data])).toEqual([
        textPart('Hi'),
        {
          type: 'failure',
          failure: {
            kind: 'upstream_invalid_response',
            provider: 'lab',
            detail: `an event of ${data.length} characters that is not a chunk`,
          },
        },
      ])
    },
  )

  test('an error in a chat stream may be a finish reason', () => {
    expect(readStream([hi, finish('network_error')]).at(-1)).toMatchObject({
      type: 'failure',
      failure: { status: 529, type: 'overloaded_error' },
    })
  })

  test('an error in a chat stream is never thrown, whatever the types of fields', () => {
    const anything = fc.anything({ maxDepth: 4 })
    const chunk = fc.record({
      choices: fc.oneof(
        anything,
        fc.array(
          fc.record(
            { index: anything, delta: fc.dictionary(deltaKeys, anything), finish_reason: anything },
            { requiredKeys: [] },
          ),
        ),
      ),
      usage: anything,
      error: fc.oneof(fc.constant(null), anything),
    })
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 4 }), (chunks) => {
        const parts = readStream(chunks.map((said) => JSON.stringify(said)))
        const ends = parts.filter(
          (part) => 'type' in part && ['stop', 'failure'].includes(part.type),
        )
        expect(ends).toEqual([parts.at(-1)])
      }),
    )
  })
})
