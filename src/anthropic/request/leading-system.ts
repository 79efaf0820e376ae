/**
 * Moves leading system messages to the `system` field. Clients written for chat completions send
 * their system prompt as the first message, which has no other meaning in Anthropic's protocol.
 */
import { append } from '../../platform/append.ts'
import type { TextBlock } from './content-block.ts'
import type { CountTokensRequest, MessageParam } from './request.ts'

/**
 * The request with its leading system messages as the `system` field, unless it has one. They leave
 * empty messages in their place, so that paths still refer to the client's body.
 */
export function withLeadingSystem<Request extends CountTokensRequest>(request: Request): Request {
  const { system, messages } = request
  if (messages[0]?.role !== 'system' || (system ?? []).length > 0) {
    return request
  }
  const blocks: TextBlock[] = []
  const remaining = [...messages]
  for (const [index, message] of messages.entries()) {
    const texts = message.role === 'system' ? textsOf(message) : undefined
    if (texts === undefined) {
      break
    }
    append(blocks, texts)
    remaining[index] = { ...message, content: '' }
  }
  return blocks.length === 0 ? request : { ...request, system: blocks, messages: remaining }
}

/** The text blocks of a system message; undefined if it has other content, or expires. */
function textsOf({ content, clear_at: clearAt }: MessageParam): TextBlock[] | undefined {
  if (clearAt === 'next_user_message') {
    return undefined
  }
  if (typeof content === 'string') {
    return [{ type: 'text', text: content }]
  }
  const texts = content.filter((block): block is TextBlock => block.type === 'text')
  return texts.length === content.length ? texts : undefined
}
