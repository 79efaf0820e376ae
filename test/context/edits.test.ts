import { describe, expect, test } from 'vitest'

import { RequestContext } from '../../src/context/index.ts'
import { blocksOf, conversationOf, resultsOf, textOf } from './conversation.ts'

const cleared = JSON.stringify([{ type: 'text', text: '[Tool result cleared to save context]' }])

interface Edited {
  messages: readonly unknown[]
  applied: RequestContext['applied']
  isSame: boolean
}

function edit(messages: readonly unknown[], ...edits: object[]): Edited {
  const json = { model: 'm', messages, context_management: { edits } }
  const context = new RequestContext(json)
  const after = context.apply(json, 'gpt-5')
  const { messages: left } = after as { messages: readonly unknown[] }
  return { messages: left, applied: context.applied, isSame: after === json }
}

const toolUses = { type: 'clear_tool_uses_20250919' }
const thinking = { type: 'clear_thinking_20251015' }
const now = { trigger: { type: 'tool_uses', value: 1 } }
const keep = (value: number) => ({ keep: { type: 'tool_uses', value } })
const turns = ['one', 'two', 'three', 'four', 'five'].map((result) => ({ result }))

describe('clear_tool_uses', () => {
  test('clear_tool_uses replaces the results of all but the last three calls by default', () => {
    const { messages, applied } = edit(conversationOf(...turns), { ...toolUses, ...now })
    expect(resultsOf(messages)).toEqual([cleared, cleared, 'three', 'four', 'five'])
    expect(applied).toEqual([
      { ...toolUses, cleared_tool_uses: 2, cleared_input_tokens: expect.any(Number) },
    ])
  })

  test('clear_tool_uses does nothing below its trigger, which is 100,000 input tokens by default', () => {
    const small = conversationOf(...turns)
    const large = conversationOf({ result: textOf(130_000) }, ...turns)
    expect(edit(small, toolUses)).toMatchObject({ applied: [], isSame: true })
    const { applied } = edit(large, toolUses)
    expect(applied).toMatchObject([{ cleared_tool_uses: 3 }])
    const [{ cleared_input_tokens: tokens } = { cleared_input_tokens: 0 }] = applied
    expect(tokens).toBeGreaterThan(100_000)
  })

  test('clear_tool_uses is triggered by more input tokens than its value, or by more tool uses', () => {
    const messages = conversationOf(...turns)
    const tokens = (value: number) => ({ trigger: { type: 'input_tokens', value } })
    expect(edit(messages, { ...toolUses, ...tokens(10) }).applied).toHaveLength(1)
    expect(edit(messages, { ...toolUses, ...tokens(1000) }).applied).toEqual([])
    expect(
      edit(messages, { ...toolUses, trigger: { type: 'tool_uses', value: 5 } }).applied,
    ).toEqual([])
  })

  test('clear_tool_uses leaves the uses of excluded tools as they are', () => {
    const messages = conversationOf({ name: 'memory', result: 'kept' }, ...turns)
    const excluding = { ...toolUses, ...now, ...keep(1), exclude_tools: ['memory'] }
    expect(resultsOf(edit(messages, excluding).messages)).toEqual([
      'kept',
      cleared,
      cleared,
      cleared,
      cleared,
      'five',
    ])
  })

  test.each([
    [true, [{}, {}]],
    [['edit'], [{ q: 'x' }, {}]],
    [false, [{ q: 'x' }, { path: 'a' }]],
  ])(
    'clear_tool_uses clears arguments too where clear_tool_inputs is %j',
    (clear_tool_inputs, inputs) => {
      const messages = conversationOf({}, { name: 'edit', input: { path: 'a' } })
      const clearing = { ...toolUses, trigger: { type: 'tool_uses', value: 1 }, ...keep(0) }
      const { messages: left } = edit(messages, { ...clearing, clear_tool_inputs })
      const calls = blocksOf(left).filter(({ type }) => type === 'tool_use')
      expect(calls.map(({ input }) => input)).toEqual(inputs)
    },
  )

  test('clear_tool_uses with clear_at_least clears nothing where it would save less', () => {
    const messages = conversationOf(...turns)
    const least = { clear_at_least: { type: 'input_tokens', value: 5000 } }
    expect(edit(messages, { ...toolUses, ...now, ...least })).toMatchObject({
      applied: [],
      isSame: true,
    })
  })

  test('clear_tool_uses with clear_at_least clears in steps, so that the prompt begins the same way for several turns', () => {
    const least = { clear_at_least: { type: 'input_tokens', value: 1000 } }
    const cleared_ = Array.from({ length: 12 }, (_, length) => {
      const long = Array.from({ length: length + 1 }, () => ({ result: textOf(400) }))
      const { applied } = edit(conversationOf(...long), {
        ...toolUses,
        ...now,
        ...keep(1),
        ...least,
      })
      return applied.flatMap((each) => ('cleared_tool_uses' in each ? each.cleared_tool_uses : []))
    })
    expect(cleared_.flat()).toEqual([3, 3, 3, 6, 6, 6, 9, 9, 9])
  })

  test('clear_tool_uses clears results of tools that ran at a server', () => {
    const content = [
      { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } },
      { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: 'A long list.' },
    ]
    const messages = [{ role: 'assistant', content }, ...conversationOf({ result: 'kept' })]
    expect(resultsOf(edit(messages, { ...toolUses, ...now, ...keep(1) }).messages)).toEqual([
      cleared,
      'kept',
    ])
  })
})

describe('clear_thinking', () => {
  const question = { role: 'user', content: 'And now?' }
  const thought = (text: string) => [
    { type: 'thinking', thinking: text, signature: 's' },
    { type: 'text', text: 'Done.' },
  ]
  const messages = [
    ...conversationOf({ thinking: 'a' }, { thinking: 'b' }),
    { role: 'assistant', content: thought('c') },
    question,
    { role: 'assistant', content: thought('d') },
    question,
    ...conversationOf({ thinking: 'e' }).slice(1),
  ]
  const left = (edited: Edited): unknown[] =>
    blocksOf(edited.messages).flatMap(({ thinking: text }) => text ?? [])

  test('clear_thinking keeps the thinking of the last turn by default, with all of its tool calls', () => {
    const edited = edit(messages, thinking)
    expect(left(edited)).toEqual(['e'])
    expect(edited.applied).toEqual([
      { ...thinking, cleared_thinking_turns: 2, cleared_input_tokens: expect.any(Number) },
    ])
  })

  test('clear_thinking keeps as many turns as it sets', () => {
    const turnsKept = (value: number) => ({ keep: { type: 'thinking_turns', value } })
    expect(left(edit(messages, { ...thinking, ...turnsKept(2) }))).toEqual(['d', 'e'])
    expect(left(edit(messages, { ...thinking, ...turnsKept(9) }))).toHaveLength(5)
  })

  test.each(['all', { type: 'all' }])('clear_thinking changes nothing where it keeps %j', (all) => {
    expect(edit(messages, { ...thinking, keep: all })).toMatchObject({ applied: [], isSame: true })
  })

  test('clear_thinking goes before an edit of tool uses, which sees what it has left', () => {
    const both = edit(messages, thinking, { ...toolUses, ...now, ...keep(1) })
    expect(both.applied.map(({ type }) => type)).toEqual([thinking.type, toolUses.type])
    expect(() => edit(messages, toolUses, thinking)).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({ path: 'context_management.edits.1' }),
      }),
    )
  })
})

test.each([
  [{ ...toolUses, keep: { type: 'tool_uses', value: -1 } }, 'clear_tool_uses_20250919.keep.value'],
  [{ ...toolUses, trigger: { type: 'tokens', value: 1 } }, 'clear_tool_uses_20250919.trigger.type'],
  [{ ...thinking, keep: { type: 'thinking_turns', value: 0 } }, 'clear_thinking_20251015.keep'],
])('the edit %j is refused, with the path of what is wrong', (wrong, path) => {
  expect(() => edit(conversationOf(), wrong)).toThrow(
    expect.objectContaining({
      failure: expect.objectContaining({
        kind: 'invalid_request',
        path: expect.stringContaining(`context_management.edits.0.${path}`),
      }),
    }),
  )
})
