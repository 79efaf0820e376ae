/**
 * An upstream with Anthropic's own protocol: nothing is translated, and bytes are passed through in
 * both directions. Only host, key, model name and gateway-signed thinking change.
 */
import type * as z from 'zod/mini'

import { unmarkExact } from '../anthropic/exact-json.ts'
import type { JsonObject } from '../anthropic/json.ts'
import type { TargetModel, UpstreamEvent } from './dialect.ts'

/** An endpoint of Anthropic's API that can be passed through. */
export type Endpoint = 'messages' | 'count_tokens'

/**
 * A protocol that is Anthropic's own, or wraps it: its name, its quirks, and its code, which is loaded on use.
 */
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
  toBody: (body: ClientBody, model: string, endpoint: Endpoint) => string
  /** Streams in AWS's event stream framing: converts a frame to server-sent events, or `''`. */
  fromFrame?: (event: UpstreamEvent, target: TargetModel) => string
}

/** Serializes JSON as a body. */
export function toClientBody(json: JsonObject): ClientBody {
  return { text: unmarkExact(JSON.stringify(json)), json }
}

/** A client's body: its text, as sent or serialized again, and the parsed JSON. */
export interface ClientBody {
  text: string
  json: JsonObject
  /** The values of `anthropic-beta` that the host supports. */
  betas?: readonly string[]
}
