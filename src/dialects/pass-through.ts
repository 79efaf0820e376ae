/**
 * An upstream with Anthropic's own protocol: nothing is translated, and bytes are passed through in
 * both directions. Only host, key, model name and gateway-signed thinking change.
 */
import type * as z from 'zod/mini'

import { unmarkExact } from '../anthropic/exact-json.ts'
import type { JsonObject } from '../anthropic/json.ts'
import type { TargetModel, UpstreamEvent } from './dialect.ts'

export type Endpoint = 'messages' | 'count_tokens'

export interface PassThrough {
  kind: 'pass-through'
  name: string
  /** The schema of quirks in the catalog (see anthropic/quirks.ts). */
  quirksSchema: z.ZodMiniType<object>
  /** False if the host cannot count tokens. */
  countsTokens?: false
  /** Betas are sent in the body, by {@link Forwarding.toBody}, rather than in a header. */
  betasInBody?: true
  /** Loads the code: a module that is compiled at the first request that passes through. */
  load: () => Promise<Forwarding>
}

/** The code of a pass-through dialect. */
export interface Forwarding {
  /** Appended to the provider's base URL; begins with a slash. */
  path: (endpoint: Endpoint, model: string, body: JsonObject) => string
  toBody: (body: ClientBody, model: string, endpoint: Endpoint) => Uint8Array | string
  /** For streams in AWS's event stream framing: converts a frame to server-sent events, or `''`. */
  fromFrame?: (event: UpstreamEvent, target: TargetModel) => string
}

/** Serializes JSON as a body. */
export function toClientBody(json: JsonObject): ClientBody {
  const text = unmarkExact(JSON.stringify(json))
  return { bytes: new TextEncoder().encode(text), text, json }
}

/**
 * The text of a body. A client's body is decoded on each call: it is long, and rarely needed as
 * text.
 */
export function toText({ bytes, text }: ClientBody): string {
  return text ?? new TextDecoder().decode(bytes)
}

/** A client's body: the bytes and the parsed JSON. */
export interface ClientBody {
  bytes: Uint8Array
  /** The body's text; present if the body was serialized again. */
  text?: string
  json: JsonObject
  /** The values of `anthropic-beta` that the host supports. */
  betas?: readonly string[]
}
