/**
 * An upstream that speaks Anthropic's own protocol: nothing is translated, the bytes go on as they
 * came, both ways. Only host, key, model name and thinking of ours change.
 */
import type { JsonObject } from '../anthropic/json.ts'

export type Endpoint = 'messages' | 'count_tokens'

export interface PassThrough {
  kind: 'pass-through'
  name: string
  /** Appended to the provider's base URL; begins with a slash. */
  path: (endpoint: Endpoint, model: string) => string
  /** The body to send, from the client's bytes, their text and what they parse to. */
  toBody: (bytes: Uint8Array, text: string, body: JsonObject, model: string) => Uint8Array | string
}
