/**
 * Thinking that an Anthropic host cannot verify: blocks that this gateway signed for another upstream,
 * and blocks without a signature. Anthropic rejects signatures that are not its own.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asString, isObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import { isPortable } from '../../../anthropic/signature.ts'
import { ignoreThinking } from '../../shared/thinking/ignore-thinking.ts'

/** The body without such blocks; the same object if it has none. `keepsUnsigned`: blocks without a signature stay. */
export function withoutForeignThinking(
  body: JsonObject,
  keepsUnsigned: boolean,
  report: Report,
): JsonObject {
  const isForeign = (block: unknown): boolean => isForeignThinking(block, keepsUnsigned)
  const messages = asArray(body['messages'])
  if (!messages.some((message) => contentOf(message).some(isForeign))) {
    return body
  }
  ignoreThinking(report)
  return {
    ...body,
    messages: messages.flatMap((message) => {
      const content = contentOf(message)
      const kept = content.filter((block) => !isForeign(block))
      if (!isObject(message) || kept.length === content.length) {
        return [message]
      }
      // A message may not be empty.
      return kept.length === 0 ? [] : [{ ...message, content: kept }]
    }),
  }
}

function contentOf(message: unknown): readonly unknown[] {
  return isObject(message) && message['role'] === 'assistant' ? asArray(message['content']) : []
}

function isForeignThinking(block: unknown, keepsUnsigned: boolean): boolean {
  if (!isObject(block) || block['type'] !== 'thinking') {
    return false
  }
  const signature = asString(block['signature']) ?? ''
  return signature === '' ? !keepsUnsigned : isPortable(signature)
}
