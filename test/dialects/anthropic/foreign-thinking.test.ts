import { expect, test } from 'vitest'

import { createReport } from '../../../src/anthropic/report.ts'
import { toSignature } from '../../../src/anthropic/signature.ts'
import { withoutForeignThinking } from '../../../src/dialects/anthropic/request/foreign-thinking.ts'

const ours = {
  type: 'thinking',
  thinking: 'b',
  signature: toSignature({ d: 'x', p: 'p', m: 'm', f: 'f' }),
}
const own = { type: 'thinking', thinking: 'a', signature: 'EqQB' }
const unsigned = { type: 'thinking', thinking: 'c', signature: '' }
const bare = { type: 'thinking', thinking: 'd' }
const text = { type: 'text', text: 'x' }
const user = { role: 'user', content: 'hi' }

function adapt(content: object[], keepsUnsigned: boolean): [unknown, string[]] {
  const report = createReport()
  const messages = [user, { role: 'assistant', content }]
  const body = withoutForeignThinking({ messages }, keepsUnsigned, report)
  return [body['messages'], report.adaptations.map(({ field, action }) => `${action} ${field}`)]
}

test('thinking that the gateway signed for another upstream is removed and reported once', () => {
  expect(adapt([ours, own, ours, text], true)).toEqual([
    [user, { role: 'assistant', content: [own, text] }],
    ['ignore messages.thinking'],
  ])
})

test.each([[unsigned], [bare]])(
  'thinking without a signature is not sent to Claude: %j',
  (block) => {
    const sent = [user, { role: 'assistant', content: [text] }]
    expect(adapt([block, text], false)).toEqual([sent, ['ignore messages.thinking']])
  },
)

test.each([[unsigned], [bare], [own]])(
  'thinking of other hosts is returned to them: %j',
  (block) => {
    expect(adapt([block, text], true)).toEqual([
      [user, { role: 'assistant', content: [block, text] }],
      [],
    ])
  },
)

test('a message of nothing else is removed', () => {
  expect(adapt([ours], true)[0]).toEqual([user])
})
