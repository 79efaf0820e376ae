/** The request body for an Anthropic upstream: the client's, with the model's name there. */
import type { ClientBody } from '../../pass-through.ts'
import { replaceModel } from './splice.ts'

/**
 * The body to send: the client's own text, with nothing but the name replaced if that is another
 * one.
 */
export function toAnthropicBody({ text, json }: ClientBody, model: string): string {
  if (json['model'] === model) {
    return text
  }
  return replaceModel(text, model) ?? JSON.stringify({ ...json, model })
}
