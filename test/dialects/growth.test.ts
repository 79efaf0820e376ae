/** What a client sends is translated in about linear time: twice the size takes less than three times as long. */
import { expect, test } from 'vitest'

import { translate } from '../support/translate.ts'

const user = (content: unknown) => ({ role: 'user', content })
const many = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index))
const body = (fields: object) => ({ model: 'm', max_tokens: 9, messages: [user('q')], ...fields })
const tool = (schema: object) => body({ tools: [{ name: 'f', input_schema: schema }] })
const pdf = { type: 'base64', media_type: 'application/pdf', data: 'QQ==' }

const shapes: [string, string, number, (size: number) => unknown][] = [
  [
    'many branches of allOf',
    'gemini',
    2000,
    (size) =>
      tool({
        type: 'object',
        properties: {
          a: {
            allOf: many(size, (index) => ({
              properties: { [`p${index}`]: {} },
              required: [`p${index}`],
            })),
          },
        },
      }),
  ],
  [
    'many branches of a union at the root',
    'openai-chat',
    2000,
    (size) =>
      tool({
        oneOf: many(size, (index) => ({
          properties: { [`p${index}`]: {}, same: { const: index } },
          required: ['same'],
        })),
      }),
  ],
  [
    'many documents of one name',
    'bedrock',
    4000,
    (size) =>
      body({
        messages: [user(many(size, () => ({ type: 'document', title: 'report', source: pdf })))],
      }),
  ],
  [
    'many references to one definition in a union at the root',
    'openai-chat',
    500,
    (size) =>
      tool({
        anyOf: many(size, () => ({ $ref: '#/$defs/D' })),
        $defs: { D: { properties: Object.fromEntries(many(size, (index) => [`p${index}`, {}])) } },
      }),
  ],
  [
    'many keywords beside many branches',
    'gemini',
    1000,
    (size) =>
      tool({
        type: 'object',
        properties: {
          a: {
            required: many(size, (index) => `r${index}`),
            anyOf: many(size, (index) => ({ properties: { [`p${index}`]: {} } })),
          },
        },
      }),
  ],
  [
    'many texts of one message',
    'openai-chat',
    8000,
    (size) =>
      body({ messages: [user(many(size, () => ({ type: 'text', text: 'a paragraph of text' })))] }),
  ],
  [
    'many texts of one answer',
    'openai-responses',
    20_000,
    (size) =>
      body({
        messages: [
          user('q'),
          { role: 'assistant', content: many(size, () => ({ type: 'text', text: 'x' })) },
          user('q'),
        ],
      }),
  ],
  [
    'many results for one call',
    'openai-chat',
    4000,
    (size) =>
      body({
        messages: [
          user('q'),
          { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: {} }] },
          user(many(size, () => ({ type: 'tool_result', tool_use_id: 't', content: 'x' }))),
        ],
      }),
  ],
]

function timeOf(client: unknown, dialect: string): number {
  return Math.min(
    ...many(5, () => {
      const from = performance.now()
      translate(client, { dialect })
      return performance.now() - from
    }),
  )
}

test.each(shapes)(
  '%s over %s: each doubling costs less than three times as much',
  (_, dialect, size, make) => {
    const once = make(size)
    const fourfold = make(size * 4)
    timeOf(once, dialect)
    // Two doublings tell a square (16) from noise on a busy machine.
    expect(timeOf(fourfold, dialect) / timeOf(once, dialect)).toBeLessThan(9)
  },
)
