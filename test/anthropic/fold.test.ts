import { expect, test } from 'vitest'

import { AnswerWriter } from '../../src/anthropic/answer/answer-writer.ts'
import { MessageFold } from '../../src/anthropic/answer/fold.ts'

/** The JSON of a message with one tool call whose arguments are this text. */
function messageWith(json: string): string {
  const answer = new AnswerWriter({
    id: 'msg_1',
    model: 'm',
    estimatedInput: () => 1,
    isFolded: true,
    requestId: 'req_1',
  })
  answer.write([
    { type: 'start' },
    { type: 'tool-start', call: 0, id: 'toolu_1', name: 't' },
    { type: 'tool-delta', call: 0, json },
    { type: 'stop', reason: 'tool_use' },
  ])
  const fold = new MessageFold()
  fold.add(answer.takeEvents())
  return fold.toJson()
}

test.each([
  '{"order":9007199254740995,"qty":2}',
  '{"rate":1e-7,"big":[12345678901234567890]}',
  '{"7":"a","5":{"10":1}}',
  '{"plain":1}',
])('a non-streaming message has the tool input %s as the model wrote it', (json) => {
  expect(messageWith(json)).toContain(`"input":${json}`)
})

test('a non-streaming message shows tool arguments that are not JSON', () => {
  expect(JSON.parse(messageWith('{"path":"/srv')).content).toMatchObject([
    { input: { INVALID_JSON: '{"path":"/srv' } },
  ])
})
