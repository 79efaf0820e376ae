import { describe, expect, test } from 'vitest'

import { adaptationsOf, bodyOf } from '../../support/translate.ts'

const on = { type: 'adaptive' }
const off = { type: 'disabled' }
const budget = (tokens: number) => ({ type: 'enabled', budget_tokens: tokens })
const low = { effort: 'low' }
const max = { effort: 'max' }

const include = { includeThoughts: true }

/** Model, what the client asks, what goes up, what is reported. */
const table: [string, object, object | undefined, string[]][] = [
  ['gemini-3-flash-preview', {}, undefined, []],
  ['gemini-3-flash-preview', { thinking: on }, { ...include, thinkingLevel: 'high' }, []],
  [
    'gemini-3-flash-preview',
    { thinking: on, output_config: low },
    { ...include, thinkingLevel: 'low' },
    [],
  ],
  [
    'gemini-3-flash-preview',
    { thinking: on, output_config: max },
    { ...include, thinkingLevel: 'high' },
    ['map output_config.effort: thinkingLevel=high'],
  ],
  ['gemini-3-flash-preview', { output_config: low }, { thinkingLevel: 'low' }, []],
  [
    'gemini-3-flash-preview',
    { thinking: budget(1024) },
    { ...include, thinkingLevel: 'low' },
    ['map thinking.budget_tokens: thinkingLevel=low'],
  ],
  [
    'gemini-3-flash-preview',
    { thinking: off, output_config: max },
    { thinkingLevel: 'minimal' },
    ['map thinking: thinkingLevel=minimal'],
  ],
  [
    'gemini-3.1-pro-preview',
    { thinking: off },
    { thinkingLevel: 'low' },
    ['map thinking: thinkingLevel=low'],
  ],
  [
    'gemini-3-pro-preview',
    { thinking: on, output_config: { effort: 'medium' } },
    { ...include, thinkingLevel: 'high' },
    ['map output_config.effort: thinkingLevel=high'],
  ],
  [
    'gemini-4-flash',
    { thinking: on, output_config: low },
    { ...include, thinkingLevel: 'low' },
    [],
  ],
  ['gemini-2.5-flash', { thinking: on }, include, []],
  ['gemini-2.5-flash', { thinking: budget(2048) }, { ...include, thinkingBudget: 2048 }, []],
  [
    'gemini-2.5-flash',
    { thinking: budget(60_000), max_tokens: 64_000 },
    { ...include, thinkingBudget: 24_576 },
    ['map thinking.budget_tokens: thinkingBudget=24576'],
  ],
  [
    'gemini-2.5-flash',
    { thinking: on, output_config: low, max_tokens: 8000 },
    { ...include, thinkingBudget: 1024 },
    ['map output_config.effort: thinkingBudget=1024'],
  ],
  [
    'gemini-2.5-flash',
    { thinking: on, output_config: max, max_tokens: 8000 },
    { ...include, thinkingBudget: 5999 },
    ['map output_config.effort: thinkingBudget=5999'],
  ],
  ['gemini-2.5-flash', { thinking: off }, { thinkingBudget: 0 }, []],
  [
    'gemini-2.5-pro',
    { thinking: off },
    { thinkingBudget: 128 },
    ['map thinking: thinkingBudget=128'],
  ],
  ['gemini-2.5-flash-lite', { thinking: on }, { ...include, thinkingBudget: -1 }, []],
  ['gemini-2.5-flash-lite', { thinking: off }, { thinkingBudget: 0 }, []],
  ['gemini-2.0-flash', { thinking: on }, undefined, ['ignore thinking']],
  ['gemini-2.0-flash', { thinking: budget(2048) }, undefined, ['drop thinking.budget_tokens']],
  ['gemini-2.0-flash', { thinking: off }, undefined, []],
]

describe.each(['gemini', 'vertex'])('Gemini thinking with preset %s', (preset) => {
  test.each(table)('Gemini thinking is converted for %s and %j', (model, asked, sent, reported) => {
    const target = { preset, dialect: 'gemini', model }
    const fields = { max_tokens: 4096, ...asked }
    const { generationConfig } = bodyOf(fields, target) as {
      generationConfig: { thinkingConfig?: object }
    }
    expect(generationConfig.thinkingConfig).toEqual(sent)
    expect(adaptationsOf(fields, target)).toEqual(reported)
  })
})

test('reasoning that the client does not display is not requested', () => {
  const target = { preset: 'gemini', dialect: 'gemini', model: 'gemini-3-flash-preview' }
  const thinking = { type: 'adaptive', display: 'omitted' }
  expect(bodyOf({ thinking }, target)).toMatchObject({
    generationConfig: { thinkingConfig: { thinkingLevel: 'high' } },
  })
})
