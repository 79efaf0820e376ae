import { describe, expect, test } from 'vitest'

import { createReport } from '../../../../src/anthropic/report.ts'
import {
  toSystemBlocks,
  withoutBillingHeader,
} from '../../../../src/dialects/shared/conversation/system-text.ts'

const header = 'x-anthropic-billing-header: cc_version=2.1.330.a1b; cc_entrypoint=cli; cch=0f3c2;'

describe('Claude Code’s attribution header', () => {
  test.each([
    ['alone', header, ''],
    ['as a line of its own', `${header}\nYou are kind.`, 'You are kind.'],
    ['after other lines', `You are kind.\n${header}\nBe brief.`, 'You are kind.\nBe brief.'],
    ['with the prompt on the same line', `${header} You are kind.`, 'You are kind.'],
    ['without a last semicolon', `${header.slice(0, -1)}\n\nYou are kind.`, 'You are kind.'],
    [
      'in a form that is not known',
      'x-anthropic-billing-header: opaque\nYou are kind.',
      'You are kind.',
    ],
  ])('Claude Code’s attribution header is removed: %s', (_, text, rest) => {
    expect(withoutBillingHeader(text)).toBe(rest)
  })

  test('Claude Code’s attribution header is kept where it is only quoted', () => {
    const text = 'Strip the `x-anthropic-billing-header: cch=1;` line.'
    expect(withoutBillingHeader(text)).toBe(text)
  })

  test('Claude Code’s attribution header with many pairs is removed in linear time', () => {
    const text = `x-anthropic-billing-header: ${'a=a='.repeat(50_000)}`
    expect(withoutBillingHeader(text)).toBe('')
  })
})

describe('system blocks', () => {
  test('system blocks come from a string or from blocks, without empty ones', () => {
    const report = createReport()
    expect(toSystemBlocks('Be kind.', report)).toEqual([{ path: 'system', text: 'Be kind.' }])
    expect(
      toSystemBlocks(
        [
          { type: 'text', text: header },
          { type: 'text', text: ' ' },
          { type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral' } },
        ],
        report,
      ),
    ).toEqual([{ path: 'system.2', text: 'Be kind.', cacheControl: { type: 'ephemeral' } }])
  })

  test.each([[''], [null], [undefined], [[]]])(
    'system blocks are ignored if they are %j',
    (system) => {
      expect(toSystemBlocks(system, createReport())).toEqual([])
    },
  )

  test('system blocks of an unknown type are reported', () => {
    const report = createReport()
    toSystemBlocks([{ type: 'other', raw: { type: 'image' } }], report)
    expect(report.adaptations).toEqual([{ field: 'system.0', action: 'drop' }])
  })
})
