/**
 * Every provider's knobs are data. The table has one row for each form that is known; presets are
 * proved in test/providers.
 */
import { describe, expect, test } from 'vitest'

import type { ChatQuirks } from '../../../src/dialects/openai-chat/quirks.ts'
import { adaptationsOf, bodyOf } from '../../support/translate.ts'

const bare = bodyOf({})
const off = { thinking: { type: 'disabled' }, output_config: { effort: 'high' } }
const adaptive = { thinking: { type: 'adaptive' } }
const low = { ...adaptive, output_config: { effort: 'low' } }
const max = { ...adaptive, output_config: { effort: 'max' } }
const budget = { thinking: { type: 'enabled', budget_tokens: 4096 }, max_tokens: 16_000 }

/** The fields that thinking adds. */
function knobsOf(fields: object, quirks: Partial<ChatQuirks>): unknown {
  return Object.fromEntries(
    Object.entries(bodyOf(fields, { quirks })).filter(
      ([key]) => !(key in bare) && key !== 'max_tokens',
    ),
  )
}

const three: ChatQuirks['efforts'] = ['low', 'medium', 'high']

describe.each<[string, Partial<ChatQuirks>, [object, object][]]>([
  [
    'an unknown server',
    {},
    [
      [off, {}],
      [low, { reasoning_effort: 'low' }],
      [budget, { reasoning_effort: 'medium' }],
    ],
  ],
  [
    'no knob',
    { efforts: [] },
    [
      [off, {}],
      [low, {}],
      [budget, {}],
    ],
  ],
  [
    'effort, none turns it off',
    { efforts: three, thinking_off: { reasoning_effort: 'none' } },
    [
      [off, { reasoning_effort: 'none' }],
      [adaptive, { reasoning_effort: 'high' }],
      [low, { reasoning_effort: 'low' }],
      [max, { reasoning_effort: 'high' }],
      [budget, { reasoning_effort: 'medium' }],
      [{ output_config: { effort: 'low' } }, { reasoning_effort: 'low' }],
    ],
  ],
  [
    'effort, cannot be turned off',
    { efforts: ['minimal', ...three], thinking_off: null, thinks_by_default: true },
    [
      [off, { reasoning_effort: 'minimal' }],
      [max, { reasoning_effort: 'high' }],
    ],
  ],
  [
    'one effort and null',
    { efforts: ['high'], thinking_off: { reasoning_effort: null } },
    [
      [off, { reasoning_effort: null }],
      [low, { reasoning_effort: 'high' }],
    ],
  ],
  [
    'a word that is no effort',
    { thinking_on: { reasoning_effort: 'default' }, thinking_off: { reasoning_effort: 'none' } },
    [
      [off, { reasoning_effort: 'none' }],
      [low, { reasoning_effort: 'default' }],
    ],
  ],
  [
    'a toggle and efforts',
    {
      thinking_on: { thinking: { type: 'enabled', clear_thinking: false } },
      thinking_off: { thinking: { type: 'disabled' } },
      efforts: ['low', 'high', 'max'],
    },
    [
      [off, { thinking: { type: 'disabled' } }],
      [low, { thinking: { type: 'enabled', clear_thinking: false }, reasoning_effort: 'low' }],
      [{ output_config: { effort: 'max' } }, { reasoning_effort: 'max' }],
    ],
  ],
  [
    'a toggle with a budget in it',
    {
      thinking_on: { thinking: { type: 'enabled' } },
      thinking_off: { thinking: { type: 'disabled' } },
      budget_field: 'thinking.budget_tokens',
      budget_range: [1024, 32_768],
      efforts: three,
    },
    [
      [budget, { thinking: { type: 'enabled', budget_tokens: 4096 } }],
      [low, { thinking: { type: 'enabled' }, reasoning_effort: 'low' }],
      [
        { ...budget, output_config: { effort: 'low' } },
        { thinking: { type: 'enabled' }, reasoning_effort: 'low' },
      ],
    ],
  ],
  [
    'flags at the top and a budget',
    {
      thinking_on: { enable_thinking: true },
      thinking_off: { enable_thinking: false },
      budget_field: 'thinking_budget',
    },
    [
      [off, { enable_thinking: false }],
      [budget, { enable_thinking: true, thinking_budget: 4096 }],
      [
        { ...low, max_tokens: 16_000 },
        { enable_thinking: true, thinking_budget: 1024 },
      ],
      [adaptive, { enable_thinking: true }],
      [{ output_config: { effort: 'low' } }, {}],
    ],
  ],
  [
    'one object for all',
    {
      thinking_on: { reasoning: { enabled: true } },
      thinking_off: { reasoning: { enabled: false } },
      effort_field: 'reasoning.effort',
      efforts: three,
      budget_field: 'reasoning.max_tokens',
    },
    [
      [off, { reasoning: { enabled: false } }],
      [low, { reasoning: { enabled: true, effort: 'low' } }],
      [budget, { reasoning: { enabled: true, max_tokens: 4096 } }],
    ],
  ],
  [
    'arguments of the chat template',
    {
      thinking_on: { chat_template_kwargs: { enable_thinking: true } },
      thinking_off: { chat_template_kwargs: { enable_thinking: false } },
      budget_field: 'custom_params.thinking_budget',
    },
    [
      [off, { chat_template_kwargs: { enable_thinking: false } }],
      [
        budget,
        {
          chat_template_kwargs: { enable_thinking: true },
          custom_params: { thinking_budget: 4096 },
        },
      ],
    ],
  ],
  [
    'a field within extra_body',
    {
      thinking_on: { extra_body: { google: { thinking_config: { include_thoughts: true } } } },
      budget_field: 'extra_body.google.thinking_config.thinking_budget',
    },
    [
      [
        budget,
        {
          extra_body: {
            google: { thinking_config: { include_thoughts: true, thinking_budget: 4096 } },
          },
        },
      ],
    ],
  ],
])('%s', (_, quirks, rows) => {
  test.each(rows)('the request fields for thinking: %j sets %j', (fields, knobs) => {
    expect(knobsOf(fields, quirks)).toEqual(knobs)
  })
})

describe('the report of adapted thinking', () => {
  test.each<[object, Partial<ChatQuirks>, string[]]>([
    [low, { efforts: three }, []],
    [max, { efforts: three }, ['map output_config.effort: reasoning_effort=high']],
    [budget, { efforts: three }, ['map thinking.budget_tokens: reasoning_effort=medium']],
    [budget, { budget_field: 'b' }, []],
    [
      budget,
      { budget_field: 'b', budget_range: [1, 1000] },
      ['map thinking.budget_tokens: b=1000'],
    ],
    [low, { budget_field: 'b' }, ['map output_config.effort: b=1023']],
    [adaptive, { efforts: [] }, ['ignore thinking']],
    [low, { efforts: [] }, ['ignore thinking', 'drop output_config.effort']],
    [budget, { efforts: [] }, ['drop thinking.budget_tokens']],
    [adaptive, { thinking_on: { on: true } }, []],
    [budget, { thinking_on: { on: true } }, ['drop thinking.budget_tokens']],
    [off, { efforts: [] }, []],
    [
      off,
      { thinking_off: null, thinks_by_default: true, efforts: three },
      ['map thinking: reasoning_effort=low'],
    ],
    [off, { thinking_off: null, thinks_by_default: true }, ['drop thinking']],
    [
      { thinking: { type: 'adaptive', display: 'omitted' } },
      { efforts: [] },
      ['ignore thinking.display', 'ignore thinking'],
    ],
  ])('the report of adapted thinking of %j with quirks %j is %j', (fields, quirks, lines) => {
    expect(adaptationsOf(fields, { quirks })).toEqual(lines)
  })
})

test('a model that cannot think is sent no thinking parameter', () => {
  const target = {
    takes: { thinking: false },
    quirks: {
      efforts: three,
      thinking_on: { on: true },
      thinks_by_default: true,
      drop_params_thinking: ['temperature' as const],
    },
  }
  const fields = { ...low, temperature: 0.5 }
  expect(bodyOf(fields, target)).toEqual({ ...bare, temperature: 0.5 })
  expect(bodyOf(off, target)).toEqual(bare)
})

test('a thinking budget stays below max_tokens, and is omitted if there is no room for it', () => {
  const quirks = { budget_field: 'b', budget_range: [1024, 9999] as [number, number] }
  expect(bodyOf({ ...budget, max_tokens: 2000 }, { quirks })).toMatchObject({ b: 1999 })
  expect(bodyOf({ ...budget, max_tokens: 1024 }, { quirks })).not.toHaveProperty('b')
})
