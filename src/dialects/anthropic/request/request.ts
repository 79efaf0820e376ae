/**
 * What changes in a request to an Anthropic upstream: the model's name, and thinking that the
 * gateway signed for another upstream, which is removed (Anthropic rejects a foreign signature).
 */
import { asArray, isObject } from '../../../anthropic/json.ts'
import { isPortable } from '../../../anthropic/signature.ts'
import type { ClientBody } from '../../pass-through.ts'
import { toText } from '../../pass-through.ts'
import { replaceModel } from './splice.ts'

/**
 * The body to send: the client's bytes if nothing changes, its text with only the model's name
 * replaced if that is all, and serialized again only if gateway-signed thinking is removed.
 */
export function toAnthropicBody(clientBody: ClientBody, model: string): Uint8Array | string {
  const { bytes, json: body } = clientBody
  const messages = asArray(body['messages'])
  if (messages.some(hasPortableThinking)) {
    const kept = messages.map(withoutPortableThinking).filter((message) => !isEmptied(message))
    return JSON.stringify({ ...body, model, messages: kept })
  }
  if (body['model'] === model) {
    return bytes
  }
  return replaceModel(toText(clientBody), model) ?? JSON.stringify({ ...body, model })
}

function isPortableThinking(block: unknown): boolean {
  return (
    isObject(block) &&
    block['type'] === 'thinking' &&
    typeof block['signature'] === 'string' &&
    isPortable(block['signature'])
  )
}

function hasPortableThinking(message: unknown): boolean {
  return isObject(message) && asArray(message['content']).some(isPortableThinking)
}

function withoutPortableThinking(message: unknown): unknown {
  if (!isObject(message) || !hasPortableThinking(message)) {
    return message
  }
  const content = asArray(message['content']).filter((block) => !isPortableThinking(block))
  return { ...message, content }
}

/** Whether a message had nothing but gateway-signed thinking, and is now empty. */
function isEmptied(message: unknown): boolean {
  return (
    isObject(message) &&
    message['role'] === 'assistant' &&
    Array.isArray(message['content']) &&
    message['content'].length === 0
  )
}
