/** What holds for any conversation and any edits. */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { RequestContext } from '../../src/context/index.ts'
import { blocksOf, conversationOf } from './conversation.ts'

const count = fc.integer({ min: 0, max: 4 })
const tokens = fc.integer({ min: 0, max: 200 })
const toolNames = ['search', 'edit']
const turn = fc.record({
  name: fc.constantFrom(...toolNames),
  result: fc.string({ maxLength: 200 }),
  thinking: fc.option(fc.string({ maxLength: 40 }), { nil: undefined }),
  server: fc.constantFrom(undefined, 'web_search', 'mcp', 'advisor'),
})
const question = fc.constant({ role: 'user', content: 'And now?' })
const calls = fc.array(turn, { maxLength: 5 })

/** Several turns, of which each call has an id of its own. */
const conversation = fc.array(fc.tuple(calls, question), { maxLength: 4 }).map((turns) =>
  turns.flatMap(([made, next], at) => [
    ...conversationOf(
      ...made.map(({ thinking, server, ...rest }) => ({
        ...rest,
        ...(thinking === undefined ? {} : { thinking }),
        ...(server === undefined ? {} : { server }),
      })),
    ).map((message) => renumber(message, at)),
    next,
  ]),
)

function renumber(message: { role: string; content: object[] }, at: number): object {
  const text = JSON.stringify(message).replaceAll(/"toolu_(\d+)"/g, `"toolu_${at}_$1"`)
  return JSON.parse(text)
}

const toolUses = fc.record({
  type: fc.constant('clear_tool_uses_20250919'),
  trigger: fc.oneof(
    fc.record({ type: fc.constant('tool_uses'), value: count }),
    fc.record({ type: fc.constant('input_tokens'), value: tokens }),
  ),
  keep: fc.record({ type: fc.constant('tool_uses'), value: count }),
  clear_at_least: fc.option(fc.record({ type: fc.constant('input_tokens'), value: tokens })),
  exclude_tools: fc.subarray(toolNames),
  clear_tool_inputs: fc.oneof(fc.boolean(), fc.subarray(toolNames)),
})
const thinking = fc.record({
  type: fc.constant('clear_thinking_20251015'),
  keep: fc.oneof(
    fc.constant('all'),
    fc.record({ type: fc.constant('thinking_turns'), value: fc.integer({ min: 1, max: 3 }) }),
  ),
})
const edits = fc
  .tuple(fc.option(thinking), fc.option(toolUses))
  .map((both) => both.filter((one) => one !== null))

function apply(messages: readonly unknown[], asked: readonly object[]) {
  const json = { model: 'm', messages, context_management: { edits: asked } }
  const context = new RequestContext(json)
  const { messages: left } = context.apply(json, 'gpt-5') as { messages: unknown[] }
  return { left, context }
}

/** The ids of calls, or of the calls that results answer: the client's, and those that ran at a server. */
const idsOf = (messages: readonly unknown[], kind: RegExp, field: string): unknown[] =>
  blocksOf(messages).flatMap((block) => (kind.test(String(block['type'])) ? [block[field]] : []))

const callIds = (messages: readonly unknown[]) => idsOf(messages, /tool_use$/, 'id')
const resultIds = (messages: readonly unknown[]) => idsOf(messages, /tool_result$/, 'tool_use_id')

test('edits of a context are idempotent', () => {
  fc.assert(
    fc.property(conversation, edits, (messages, asked) => {
      const { left } = apply(messages, asked)
      expect(apply(left, asked).left).toEqual(left)
    }),
  )
})

test('edits of a context leave every call with its result, in the same order', () => {
  fc.assert(
    fc.property(conversation, edits, (messages, asked) => {
      const { left } = apply(messages, asked)
      expect(callIds(left)).toEqual(callIds(messages))
      expect(resultIds(left)).toEqual(callIds(left))
    }),
  )
})

test('a longer conversation begins with what its beginning was edited to, where edits have steps', () => {
  const steps = { type: 'input_tokens', value: 100 }
  fc.assert(
    fc.property(fc.array(turn, { minLength: 2, maxLength: 8 }), (made) => {
      const turns = made.map(({ name, result }) => ({ name, result }))
      const asked = [
        {
          type: 'clear_tool_uses_20250919',
          trigger: { type: 'tool_uses', value: 0 },
          keep: { type: 'tool_uses', value: 0 },
          clear_at_least: steps,
        },
      ]
      const before = apply(conversationOf(...turns.slice(0, -1)), asked)
      const after = apply(conversationOf(...turns), asked)
      const clearedBefore = before.context.applied.length
      if (after.context.savedTokens === before.context.savedTokens && clearedBefore > 0) {
        expect(after.left.slice(0, before.left.length)).toEqual(before.left)
      }
      expect(after.context.savedTokens).toBeGreaterThanOrEqual(before.context.savedTokens)
    }),
  )
})
