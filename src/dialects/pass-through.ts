/**
 * An upstream that speaks Anthropic's own protocol: nothing is translated, the bytes go on as they
 * came, both ways. Only host, key, model name and thinking of ours change.
 */
import type { Failure } from '../anthropic/error.ts'
import type { JsonObject } from '../anthropic/json.ts'
import type { TargetModel, UpstreamReply } from './dialect.ts'

export type Endpoint = 'messages' | 'count_tokens'

export interface PassThrough {
  kind: 'pass-through'
  name: string
  /** Appended to the provider's base URL; begins with a slash. */
  path: (endpoint: Endpoint, model: string, body: JsonObject) => string
  toBody: (body: ClientBody, model: string, endpoint: Endpoint) => Uint8Array | string
  /**
   * Reads an answer whose status was not 2xx, where a host answers in words of its own; undefined for
   * Anthropic's, which go on as they came. Absent where there are no others.
   */
  toFailure?: (reply: UpstreamReply, target: TargetModel) => Failure | undefined
}

/** A client's body: the bytes, their text, and what they parse to. */
export interface ClientBody {
  bytes: Uint8Array
  text: string
  json: JsonObject
}
