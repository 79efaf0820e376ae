import { describe, expect, test } from 'vitest'

import { createReport } from '../../../src/anthropic/report.ts'
import { withoutLateThinking } from '../../../src/dialects/anthropic/request/late-thinking.ts'

const call = { type: 'tool_use', id: 'toolu_1', name: 'Look', input: {} }
const results = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1' }] }
const own = { type: 'thinking', thinking: 'hm', signature: 'EqQB' }
function adapt(content: object[], more: object = {}, last: object = results): [object, string[]] {
  const report = createReport()
  const body = withoutLateThinking(
    {
      thinking: { type: 'enabled', budget_tokens: 2048 },
      messages: [{ role: 'user', content: 'Look.' }, { role: 'assistant', content }, last],
      ...more,
    },
    'open',
    report,
  )
  return [body, report.adaptations.map(({ field }) => field)]
}

test.each([
  ['with thinking of Anthropic', [own, call], {}],
  ['with thinking that is redacted', [{ type: 'redacted_thinking', data: 'x' }, call], {}],
  ['where thinking is adaptive', [call], { thinking: { type: 'adaptive' } }],
])('thinking stays enabled with open tool calls %s', (_, content, more) => {
  const [body, fields] = adapt(content, more)
  expect(body).toHaveProperty('thinking')
  expect(fields).toEqual([])
})

test('thinking stays enabled if no tool call is open', () => {
  const [body] = adapt([{ type: 'text', text: 'Hi' }], {}, { role: 'user', content: 'Go on.' })
  expect(body).toHaveProperty('thinking')
})

test('thinking is disabled while tool calls of another model are open', () => {
  const [body, fields] = adapt([call])
  expect(body).not.toHaveProperty('thinking')
  expect(fields).toEqual(['thinking'])
})

test('context edits that require thinking are omitted with it', () => {
  const clear = { type: 'clear_tool_uses_20250919' }
  const edits = [{ type: 'clear_thinking_20251015', keep: 'all' }, clear]
  const [body] = adapt([call], { context_management: { edits } })
  expect(body).toHaveProperty('context_management', { edits: [clear] })
})

describe('a host that wants the thinking of every tool call', () => {
  const conversation = (first: object[], more: object = {}) => ({
    messages: [
      { role: 'user', content: 'Look.' },
      { role: 'assistant', content: first },
      results,
      { role: 'assistant', content: [own, call] },
      results,
    ],
    ...more,
  })
  const adaptAll = (body: object): [object, string[]] => {
    const report = createReport()
    const adapted = withoutLateThinking({ ...body }, 'all', report)
    return [adapted, report.adaptations.map(({ field, action }) => `${action} ${field}`)]
  }

  test.each([[{}], [{ thinking: { type: 'adaptive' } }]])(
    'a host that wants the thinking of every tool call is sent without thinking where one lacks it: %j',
    (more) => {
      const [body, fields] = adaptAll(conversation([call], more))
      expect(body).toHaveProperty('thinking', { type: 'disabled' })
      expect(fields).toEqual(['map thinking'])
    },
  )

  test('a host that wants the thinking of every tool call has no effort with disabled thinking', () => {
    const config = { effort: 'high', format: { type: 'json_schema' } }
    const [body, fields] = adaptAll(conversation([call], { output_config: config }))
    expect(body).toHaveProperty('output_config', { format: { type: 'json_schema' } })
    expect(fields).toEqual(['map thinking', 'ignore output_config.effort'])
  })

  test.each([
    ['all have it', [own, call], {}],
    ['there is no call', [{ type: 'text', text: 'x' }], {}],
    ['it is disabled already', [call], { thinking: { type: 'disabled' } }],
  ])(
    'a host that wants the thinking of every tool call is asked with thinking where %s',
    (_, first, more) => {
      const body = conversation(first, more)
      expect(adaptAll(body)).toEqual([body, []])
    },
  )
})
