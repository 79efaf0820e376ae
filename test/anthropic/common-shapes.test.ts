/** What is read without the schema is read as the schema would. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  readCommonBlock,
  readCommonMessage,
  readCommonTool,
} from '../../src/anthropic/request/common-shapes.ts'
import { contentBlock } from '../../src/anthropic/request/content-block.ts'
import { customTool, message } from '../../src/anthropic/request/request.ts'

type Read = (value: unknown) => unknown

const strange = fc.oneof(
  fc.constantFrom<unknown>(null, true, 5, '', 'a b', [], {}, [null], [{}]),
  fc.jsonValue({ maxDepth: 2 }),
)

/** Objects whose fields are as given, missing or strange, with fields that no schema has. */
function nearly(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  const known = Object.entries(fields).map(([name, usual]) => {
    const value = fc.oneof({ weight: 20, arbitrary: usual }, strange)
    return fc.option(fc.tuple(fc.constant(name), value), { nil: undefined, freq: 20 })
  })
  const others = ['citations', 'caller', '__proto__', 'constructor']
  const unknown = fc.option(fc.tuple(fc.constantFrom(...others), strange), { nil: undefined })
  return fc
    .tuple(...known, unknown)
    .map((entries) => Object.fromEntries(entries.filter((entry) => entry !== undefined)))
}

const text = nearly({ type: fc.constant('text'), text: fc.string() })
const id = fc.constantFrom('toolu_1', 'call-2', 'functions.read:0')
const block = fc.oneof(
  text,
  nearly({ type: fc.constant('thinking'), thinking: fc.string(), signature: fc.string() }),
  nearly({ type: fc.constant('tool_use'), id, name: fc.string(), input: fc.object() }),
  nearly({
    type: fc.constant('tool_result'),
    tool_use_id: id,
    content: fc.oneof(fc.string(), fc.array(text)),
    is_error: fc.boolean(),
  }),
  nearly({ type: fc.constant('text'), text: fc.string(), cache_control: strange }),
)
const turn = nearly({
  role: fc.constantFrom('user', 'assistant', 'system', 'developer'),
  content: fc.oneof(fc.string(), fc.array(block)),
})
const tool = nearly({
  name: fc.oneof(fc.string(), fc.constant('x'.repeat(513))),
  description: fc.string(),
  input_schema: nearly({ type: fc.constant('object'), properties: fc.object() }),
})
const toolWithFlag = nearly({
  name: fc.string(),
  input_schema: fc.constant({}),
  strict: fc.boolean(),
})

describe('what is read without the schema is what the schema reads, fields in the same order', () => {
  test.each<[string, fc.Arbitrary<unknown>, Read, Read]>([
    ['blocks', block, readCommonBlock, (value) => contentBlock.parse(value)],
    ['messages', turn, readCommonMessage, (value) => message.parse(value)],
    [
      'tools',
      fc.oneof(tool, toolWithFlag),
      (value) => readCommonTool(value)?.custom,
      (value) => customTool.parse(value),
    ],
  ])(
    'what is read without the schema is what the schema reads, fields in the same order %s',
    (_, values, readCommon, parse) => {
      let count = 0
      fc.assert(
        fc.property(values, (value) => {
          const sent: unknown = JSON.parse(JSON.stringify(value))
          const common = readCommon(sent)
          if (common !== undefined) {
            count += 1
            expect(JSON.stringify(common)).toBe(JSON.stringify(parse(sent)))
          }
        }),
        { numRuns: 1000 },
      )
      expect(count).toBeGreaterThan(50)
    },
  )
})

test('what agents send in every turn is read without the schema', () => {
  const call = { type: 'tool_use', id: 'toolu_1', name: 'read', input: { path: 'a' } }
  const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'b' }
  const listed = { ...result, content: [{ type: 'text', text: 'b' }], is_error: true }
  const thinking = { type: 'thinking', thinking: '', signature: 'c' }
  for (const content of ['hi', [thinking, { type: 'text', text: 'hi' }, call], [result, listed]]) {
    expect(readCommonMessage({ role: 'user', content })).toEqual({ role: 'user', content })
  }
  const custom = { name: 'read', description: 'Reads', input_schema: { type: 'object' } }
  expect(readCommonTool(custom)).toEqual({ custom })
})
