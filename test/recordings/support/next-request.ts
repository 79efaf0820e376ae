/** What a client asks after an answer. */
import type { Message } from '../../../src/anthropic/answer/wire/message.ts'
import type { MessagesRequest } from '../../../src/anthropic/request/request.ts'
import { messagesRequest, parseRequest } from '../../../src/anthropic/request/request.ts'

/** It goes on with the conversation, the results of all calls in hand. */
export function toNextRequest(message: Message | undefined): MessagesRequest {
  const content = message?.content ?? []
  const calls = content.filter((block) => block.type === 'tool_use')
  const results = calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'ok' }))
  return parseRequest(messagesRequest, {
    model: 'claude',
    max_tokens: 100,
    tools: calls.map(({ name }) => ({ name, input_schema: { type: 'object' } })),
    messages: [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content },
      { role: 'user', content: results.length === 0 ? 'Go on' : results },
    ],
  })
}
