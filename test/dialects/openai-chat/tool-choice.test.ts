import { describe, expect, test } from 'vitest'

import type { ChatQuirks } from '../../../src/dialects/openai-chat/quirks.ts'
import { adaptationsOf, bodyOf } from '../../support/translate.ts'

const tools = [
  { name: 'a', input_schema: { type: 'object' } },
  { name: 'b.c', input_schema: { type: 'object' } },
]

function choiceOf(tool_choice: object, quirks: Partial<ChatQuirks> = {}): unknown {
  const { tool_choice: choice, parallel_tool_calls: parallel } = bodyOf(
    { tools, tool_choice },
    { quirks },
  )
  return parallel === undefined ? choice : [choice, parallel]
}

describe('tool_choice', () => {
  test.each([
    [{ type: 'auto' }, 'auto'],
    [{ type: 'any' }, 'required'],
    [{ type: 'none' }, 'none'],
    [
      { type: 'tool', name: 'a' },
      { type: 'function', function: { name: 'a' } },
    ],
    [{ type: 'auto', disable_parallel_tool_use: true }, ['auto', false]],
    [{ type: 'any', disable_parallel_tool_use: true }, ['required', false]],
    [{ type: 'any', disable_parallel_tool_use: false }, 'required'],
  ])('tool_choice for %j is %j', (choice, expected) => {
    expect(choiceOf(choice)).toEqual(expected)
  })

  test('tool_choice names a tool by its upstream name', () => {
    const choice = choiceOf({ type: 'tool', name: 'b.c' })
    const { tools: sent } = bodyOf({ tools })
    expect(choice).toEqual({ type: 'function', function: { name: Object(sent)[1].function.name } })
  })

  test.each<[object, Partial<ChatQuirks>, unknown]>([
    [{ type: 'any' }, { tool_choice_any: 'any' }, 'any'],
    [{ type: 'any' }, { tool_choice_any: 'hint' }, undefined],
    [{ type: 'tool', name: 'a' }, { tool_choice_named: 'only' }, 'required'],
    [{ type: 'tool', name: 'a' }, { tool_choice_named: 'only', tool_choice_any: 'any' }, 'any'],
    [{ type: 'tool', name: 'a' }, { tool_choice_named: 'hint' }, undefined],
    [{ type: 'none' }, { tool_choice_none: 'omit_tools' }, undefined],
    [{ type: 'auto' }, { parallel_tool_calls: 'always' }, ['auto', true]],
    [
      { type: 'auto', disable_parallel_tool_use: true },
      { parallel_tool_calls: 'always' },
      ['auto', false],
    ],
    [{ type: 'auto', disable_parallel_tool_use: true }, { parallel_tool_calls: 'never' }, 'auto'],
  ])('tool_choice for %j with quirks %j is %j', (choice, quirks, expected) => {
    expect(choiceOf(choice, quirks)).toEqual(expected)
  })

  test('tool_choice is replaced by offering one tool, or none, if the upstream does not support the choice', () => {
    const named = bodyOf(
      { tools, tool_choice: { type: 'tool', name: 'a' } },
      { quirks: { tool_choice_named: 'only' } },
    )
    expect(Object(named['tools'])).toHaveLength(1)
    expect(
      bodyOf(
        { tools, tool_choice: { type: 'none', disable_parallel_tool_use: true } },
        { quirks: { tool_choice_none: 'omit_tools', parallel_tool_calls: 'always' } },
      ),
    ).toEqual(bodyOf({}))
  })

  test('tool_choice is an instruction in the prompt if the upstream has no tool_choice', () => {
    const fields = { tools, tool_choice: { type: 'any' }, system: 'Be brief.' }
    const target = { quirks: { tool_choice_any: 'hint' as const } }
    expect(Object(bodyOf(fields, target)['messages'])[0]).toEqual({
      role: 'system',
      content: 'Be brief.\n\nYou must answer with a call of one of the tools.',
    })
    expect(adaptationsOf(fields, target)).toContain('map tool_choice: system text')
  })

  test.each([
    [{ tools: [] }],
    [{ tools: [], tool_choice: { type: 'auto', disable_parallel_tool_use: true } }],
    [{ tool_choice: { type: 'none' } }],
  ])('tool_choice is omitted if there are no tools: %j', (fields) => {
    expect(bodyOf(fields)).toEqual(bodyOf({}))
    expect(adaptationsOf(fields)).toEqual([])
  })
})

describe('a forced tool with thinking', () => {
  const forced = {
    tools: tools.slice(0, 1),
    tool_choice: { type: 'any' },
    thinking: { type: 'adaptive' },
  }
  const knobs: Partial<ChatQuirks> = {
    thinks_by_default: true,
    thinking_on: { thinking: { type: 'enabled' } },
    thinking_off: { thinking: { type: 'disabled' } },
  }

  test('a forced tool with thinking disables thinking if that can be disabled', () => {
    const target = { quirks: { ...knobs, forced_while_thinking: 'drop_thinking' as const } }
    expect(bodyOf(forced, target)).toMatchObject({
      tool_choice: 'required',
      thinking: { type: 'disabled' },
    })
    expect(adaptationsOf(forced, target)).toEqual(['drop thinking'])
  })

  test('a forced tool with thinking disables thinking that is only the default', () => {
    const { thinking: _, ...fields } = forced
    const target = { quirks: { ...knobs, forced_while_thinking: 'drop_thinking' as const } }
    expect(bodyOf(fields, target)).toMatchObject({ thinking: { type: 'disabled' } })
    expect(adaptationsOf(fields, target)).toEqual([])
  })

  test.each<Partial<ChatQuirks>>([
    { ...knobs, forced_while_thinking: 'drop_force' },
    { ...knobs, forced_while_thinking: 'drop_thinking', thinking_off: null, efforts: ['low'] },
  ])(
    'a forced tool with thinking is otherwise replaced by an instruction in the prompt',
    (quirks) => {
      const body = bodyOf(forced, { quirks })
      expect(body).not.toHaveProperty('tool_choice')
      expect(JSON.stringify(body['messages'])).toContain('You must answer with a call')
    },
  )

  test('a forced tool with thinking keeps thinking if the upstream supports both', () => {
    expect(bodyOf(forced, { quirks: knobs })).toMatchObject({
      tool_choice: 'required',
      thinking: { type: 'enabled' },
    })
  })
})
