import { describe, expect, test } from 'vitest'

import {
  nearestEffort,
  toEffort,
  toThinkingLevel,
} from '../../../../src/dialects/shared/thinking/thinking-level.ts'
import type { Effort } from '../../../../src/dialects/shared/thinking/thinking-level.ts'

describe('the level of thinking', () => {
  test.each([
    [{}, { wanted: 'unset' }],
    [{ thinking: null, output_config: { effort: null } }, { wanted: 'unset' }],
    [{ output_config: { effort: 'low' } }, { wanted: 'unset', effort: 'low' }],
    [{ thinking: { type: 'adaptive' } }, { wanted: 'on' }],
    [
      { thinking: { type: 'adaptive' }, output_config: { effort: 'max' } },
      { wanted: 'on', effort: 'max' },
    ],
    [{ thinking: { type: 'enabled', budget_tokens: 2048 } }, { wanted: 'on', budget: 2048 }],
    [{ thinking: { type: 'disabled' } }, { wanted: 'off' }],
    [{ thinking: { type: 'disabled' }, output_config: { effort: 'high' } }, { wanted: 'off' }],
    [{ thinking: { type: 'between_tools' }, output_config: { effort: 'high' } }, { wanted: 'off' }],
  ] as const)('the level of thinking is read from %j', (request, level) => {
    expect(toThinkingLevel(request)).toEqual(level)
  })
})

test.each([
  [1024, 'low'],
  [1999, 'low'],
  [2000, 'medium'],
  [9999, 'medium'],
  [10_000, 'high'],
  [128_000, 'high'],
])('a thinking budget of %i tokens is effort %s', (budget, effort) => {
  expect(toEffort(budget)).toBe(effort)
})

describe('the nearest effort', () => {
  test.each<[Effort, Effort[], Effort | undefined]>([
    ['medium', ['low', 'medium', 'high'], 'medium'],
    ['max', ['low', 'medium', 'high'], 'high'],
    ['xhigh', ['low', 'medium', 'high'], 'high'],
    ['none', ['low', 'high'], 'low'],
    ['none', ['minimal', 'low'], 'minimal'],
    ['medium', ['low', 'high', 'max'], 'high'],
    ['xhigh', ['low', 'high', 'max'], 'max'],
    ['low', ['high'], 'high'],
    ['low', [], undefined],
  ])('the nearest effort to %s among %j is %s', (wanted, known, nearest) => {
    expect(nearestEffort(wanted, known)).toBe(nearest)
  })
})
