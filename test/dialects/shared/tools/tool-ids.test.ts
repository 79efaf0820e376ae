import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createToolIds } from '../../../../src/dialects/shared/tools/tool-ids.ts'

describe('tool call ids', () => {
  test('tool call ids that are valid and short enough are kept', () => {
    expect(createToolIds('openai')('toolu_01A', 'a')).toBe('toolu_01A')
    expect(createToolIds('alnum9')('abcDEF123', 'a')).toBe('abcDEF123')
  })

  test('tool call ids are the same in every request, for call and result', () => {
    const id = 'x'.repeat(41)
    const toToolId = createToolIds('openai')
    expect([toToolId(id, 'a'), toToolId(id, 'b')]).toEqual([toToolId(id, 'a'), toToolId(id, 'a')])
    expect(createToolIds('openai')(id, 'a')).toBe(toToolId(id, 'a'))
  })

  test('tool call ids of the counting form are numbered over the conversation', () => {
    const toToolId = createToolIds('kimi')
    expect(['x', 'y', 'x', 'z'].map((id) => toToolId(id, 'Read'))).toEqual([
      'functions.Read:0',
      'functions.Read:1',
      'functions.Read:0',
      'functions.Read:2',
    ])
  })

  test.each([
    ['openai', /^[a-zA-Z0-9_-]{1,40}$/],
    ['alnum9', /^[a-zA-Z0-9]{9}$/],
  ] as const)(
    'tool call ids of the form %s are valid and distinct, whatever the client sends',
    (form, legal) => {
      fc.assert(
        fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 80 })), (ids) => {
          const toToolId = createToolIds(form)
          const renamed = ids.map((id) => toToolId(id, 'a'))
          expect(renamed.every((id) => legal.test(id))).toBe(true)
          expect(new Set(renamed).size).toBe(ids.length)
        }),
      )
    },
  )
})
