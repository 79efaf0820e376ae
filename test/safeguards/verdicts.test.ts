import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { verdictTool } from '../../src/safeguards/question.ts'
import { readVerdicts } from '../../src/safeguards/verdicts.ts'

const context = { auto_mode: { allow: ['tests'], soft_deny: ['pushes'], hard_deny: ['secrets'] } }

/** A classifier's message with that report. */
function report(input: unknown, more: object = {}): object {
  const call = { type: 'tool_use', id: 'toolu_1', name: verdictTool, input }
  return { content: [call], stop_reason: 'tool_use', ...more }
}

const clear = { explanation: 'Runs the tests.', rule: '', flagged: false }
const unclear = { type: 'unavailable', reason: 'error' }

describe('a verdict', () => {
  test('a verdict is read where the classifier has reported one for the call', () => {
    const flagged = { explanation: 'Deletes the home directory.', rule: '', flagged: true }
    expect(readVerdicts(report({ call_1: clear, call_2: flagged }), 2, context)).toStrictEqual([
      { type: 'evaluated', outcome: 'not_flagged' },
      { type: 'evaluated', outcome: 'flagged', explanation: 'Deletes the home directory.' },
    ])
  })

  test.each([
    ['is missing', {}],
    ['is of another call', { call_2: clear }],
    ['is a word', { call_1: 'not_flagged' }],
    ['has a text for a boolean', { call_1: { ...clear, flagged: 'false' } }],
    ['has no boolean', { call_1: { explanation: 'Fine.' } }],
    ['has no reason', { call_1: { ...clear, explanation: ' ' } }],
    ['is inherited', JSON.parse('{"__proto__": {"call_1": {"flagged": false}}}')],
    ['is in a list', [clear]],
    ['is not JSON', { INVALID_JSON: '{"call_1": {"flagged": fal' }],
  ])('a verdict that %s is unavailable', (_, input) => {
    expect(readVerdicts(report(input), 1, context)).toStrictEqual([unclear])
  })

  test.each([
    ['a text instead of the tool', { content: [{ type: 'text', text: 'not_flagged' }] }],
    ['another tool', { content: [{ type: 'tool_use', name: 'other', input: { call_1: clear } }] }],
    ['two reports', { content: [1, 2].flatMap(() => content(report({ call_1: clear }))) }],
    ['a truncated report', { stop_reason: 'max_tokens' }],
    ['no content', { content: null }],
  ])('the verdict of an answer with %s is unavailable', (_, more) => {
    expect(readVerdicts(report({ call_1: clear }, more), 1, context)).toStrictEqual([unclear])
  })

  test('the verdict of a classifier that refuses reports that', () => {
    expect(readVerdicts(report({}, { stop_reason: 'refusal' }), 1, context)).toStrictEqual([
      { type: 'unavailable', reason: 'refused' },
    ])
  })

  test.each([
    [true, 'auto_mode.soft_deny.0', true],
    [true, 'auto_mode.hard_deny.0', true],
    [true, 'auto_mode.allow.0', false],
    [true, 'auto_mode.soft_deny.1', false],
    [true, 'auto_mode.soft_deny.00', false],
    [true, 'auto_mode.soft_deny.length', false],
    [true, 'constructor.soft_deny.0', false],
    [false, 'auto_mode.allow.0', true],
    [false, 'auto_mode.soft_deny.0', false],
  ])('a verdict with flagged %s cites the rule %s: %s', (flagged, rule, cites) => {
    const [verdict] = readVerdicts(report({ call_1: { ...clear, rule, flagged } }), 1, context)
    const cited = { type: 'classifier_context', path: rule }
    expect(verdict).toEqual(cites ? expect.objectContaining({ cited_rule: cited }) : verdict)
    expect(verdict !== undefined && 'cited_rule' in verdict).toBe(cites)
  })

  test('a verdict is not_flagged only for an answer with false', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (input, other) => {
        const messages = [other, report(input), report({ call_1: input })]
        for (const message of messages) {
          const [verdict] = readVerdicts(message, 1, context)
          const isLetBy = verdict?.type === 'evaluated' && verdict.outcome === 'not_flagged'
          expect(isLetBy && !JSON.stringify(message).includes('"flagged":false')).toBe(false)
        }
      }),
    )
  })
})

function content(message: object): unknown[] {
  return 'content' in message && Array.isArray(message.content) ? message.content : []
}
