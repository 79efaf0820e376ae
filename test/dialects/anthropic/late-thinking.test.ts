import { expect, test } from 'vitest'

import { createReport } from '../../../src/anthropic/report.ts'
import { toSignature } from '../../../src/anthropic/signature.ts'
import { withoutLateThinking } from '../../../src/dialects/anthropic/request/late-thinking.ts'

const call = { type: 'tool_use', id: 'toolu_1', name: 'Look', input: {} }
const results = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1' }] }
const own = { type: 'thinking', thinking: 'hm', signature: 'EqQB' }
const ours = {
  type: 'thinking',
  thinking: 'hm',
  signature: toSignature({ d: 'openai-chat', p: 'lab', m: 'm', f: 'reasoning' }),
}

function adapt(content: object[], more: object = {}, last: object = results): [object, string[]] {
  const report = createReport()
  const body = withoutLateThinking(
    {
      thinking: { type: 'enabled', budget_tokens: 2048 },
      messages: [{ role: 'user', content: 'Look.' }, { role: 'assistant', content }, last],
      ...more,
    },
    report,
  )
  return [body, report.adaptations.map(({ field }) => field)]
}

test.each([
  ['with thinking of Anthropic', [own, call], {}],
  ['with thinking that is redacted', [{ type: 'redacted_thinking', data: 'x' }, call], {}],
  ['where thinking is adaptive', [ours, call], { thinking: { type: 'adaptive' } }],
])('thinking stays enabled with open tool calls %s', (_, content, more) => {
  const [body, fields] = adapt(content, more)
  expect(body).toHaveProperty('thinking')
  expect(fields).toEqual([])
})

test('thinking stays enabled if no tool call is open', () => {
  const [body] = adapt([{ type: 'text', text: 'Hi' }], {}, { role: 'user', content: 'Go on.' })
  expect(body).toHaveProperty('thinking')
})

test.each([
  ['that told its thoughts', [ours, call]],
  ['that told none', [call]],
])('thinking is disabled while tool calls of another model are open, %s', (_, content) => {
  const [body, fields] = adapt(content)
  expect(body).not.toHaveProperty('thinking')
  expect(fields).toEqual(['thinking'])
})

test('context edits that require thinking are omitted with it', () => {
  const clear = { type: 'clear_tool_uses_20250919' }
  const edits = [{ type: 'clear_thinking_20251015', keep: 'all' }, clear]
  const [body] = adapt([ours, call], { context_management: { edits } })
  expect(body).toHaveProperty('context_management', { edits: [clear] })
})
