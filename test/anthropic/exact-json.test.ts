import { expect, test } from 'vitest'

import {
  markExact,
  mayBeInexact,
  parseExact,
  toExactText,
  unmarkExact,
} from '../../src/anthropic/exact-json.ts'
import { growthOf } from '../support/growth.ts'

/** A body whose only tool call has this input. */
const bodyOf = (input: string) =>
  `{"model":"m","messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","input":${input}}]}]}`

test.each([
  '{"order":9007199254740995}',
  '{"order":-123456789012345678901234567890,"list":[12345678901234567,1]}',
  '{"b":1,"7":2,"5":3}',
  '{"x":1e3,"y":1.50E-7}',
  '{"yes":true,"no":[false,null],"7":1}',
  '{"x":0.12345678901234567890}',
  '{"deep":{"10":{"2":[1e400]}}}',
  '{"text":"1e3, \\"7\\": 12345678901234567890","n":12345678901234567890}',
])('a value that JSON.parse would change is serialized as it was received: %s', (input) => {
  const text = bodyOf(input)
  expect(mayBeInexact(text)).toBe(true)
  expect(unmarkExact(JSON.stringify(JSON.parse(markExact(text))))).toBe(text)
})

test('exact values are kept inside JSON strings nested to any depth', () => {
  const input = '{"7":12345678901234567890}'
  const { messages } = JSON.parse(markExact(bodyOf(input)))
  const once = JSON.stringify(messages[0].content[0].input)
  const twice = JSON.stringify({ arguments: once })
  expect(JSON.parse(unmarkExact(twice)).arguments).toBe(input)
  const thrice = JSON.stringify({ body: twice })
  expect(JSON.parse(JSON.parse(unmarkExact(thrice)).body).arguments).toBe(input)
})

test('numbers outside tool inputs and schemas are parsed as numbers', () => {
  const text = '{"max_tokens":1e3,"tools":[{"input_schema":{"maximum":1e3}}],"temperature":1e0}'
  const marked = JSON.parse(markExact(text))
  expect(marked.max_tokens).toBe(1000)
  expect(marked.temperature).toBe(1)
  expect(marked.tools[0].input_schema.maximum).not.toBe(1000)
})

test.each([
  '{"order":12,"qty":-0.5,"list":[1000,true,null],"empty":{}}',
  '{"text":"a \\"7\\": b"}',
  '{"a7":1}',
])('a body without inexact values is parsed once: %s', (input) => {
  expect(mayBeInexact(bodyOf(input))).toBe(false)
})

test('a body that contains the internal marks is not changed', () => {
  expect(mayBeInexact(bodyOf('{"7":"\uFDD01"}'))).toBe(false)
  expect(mayBeInexact(bodyOf('{"7":"\\ufdd0"}'))).toBe(false)
})

test('a text of backslashes next to a number is restored in linear time', () => {
  const growth = growthOf(20_000, (size) => {
    const json = JSON.stringify(
      JSON.parse(markExact(bodyOf(`{"n":1e3,"text":"${'\\\\'.repeat(size)}"}`))),
    )
    return () => unmarkExact(json)
  })
  expect(growth).toBeLessThan(3)
})

test.each(['args', 'arguments', 'input'])(
  'arguments that an upstream sends as an object in %s are serialized as the model wrote them',
  (field) => {
    const written = '{"b":12345678901234567890,"7":1e3,"deep":[{"2":0.12345678901234567}]}'
    const answer = parseExact(`{"usage":{"input":1e3,"n":2e3},"call":{"${field}":${written}}}`)
    const { usage, call } = answer as { usage: object; call: Record<string, object> }
    expect(usage).toEqual({ input: 1000, n: 2000 })
    expect(toExactText({ ...call[field] })).toBe(written)
  },
)

test('a number under the name of arguments marks nothing that follows it', () => {
  const text = '[{"input":5},{"n":1e3},{"input":{"x":1e3}}]'
  expect(parseExact(text)).toMatchObject([{ input: 5 }, { n: 1000 }, { input: { x: '\uFDD01e3' } }])
})
