/** The request body for an Anthropic upstream: the client's, with the model's name there. */
import type { ClientBody } from '../../pass-through.ts'
import { toText } from '../../pass-through.ts'
import { replaceModel } from './splice.ts'

/**
 * The body to send: the client's own bytes if the name is the same, else the client's text with nothing
 * but the name replaced.
 */
export function toAnthropicBody(clientBody: ClientBody, model: string): Uint8Array | string {
  const { bytes, json } = clientBody
  if (json['model'] === model) {
    return bytes
  }
  return replaceModel(toText(clientBody), model) ?? JSON.stringify({ ...json, model })
}
