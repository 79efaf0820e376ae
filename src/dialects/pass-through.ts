/**
 * An upstream that speaks Anthropic's own protocol: nothing is translated, the bytes go on as they
 * came, both ways. Only host, key, model name and thinking of ours change.
 */
import type * as z from 'zod/mini'

import { unmarkExact } from '../anthropic/exact-json.ts'
import type { JsonObject } from '../anthropic/json.ts'
import type { TargetModel, UpstreamEvent } from './dialect.ts'

export type Endpoint = 'messages' | 'count_tokens'

export interface PassThrough {
  kind: 'pass-through'
  name: string
  /** What hosts may not know (see anthropic/quirks.ts), as the catalog may say it. */
  quirksSchema: z.ZodMiniType<object>
  /** Appended to the provider's base URL; begins with a slash. */
  path: (endpoint: Endpoint, model: string, body: JsonObject) => string
  toBody: (body: ClientBody, model: string, endpoint: Endpoint) => Uint8Array | string
  /** False where the host counts no tokens. */
  countsTokens?: false
  /** Betas go into the body, which {@link toBody} sees to, and not into a header. */
  betasInBody?: true
  /**
   * Where streams come in AWS's event stream: the server-sent events for one of its messages, or `''`.
   */
  fromFrame?: (event: UpstreamEvent, target: TargetModel) => string
}

/** The body that says this JSON. */
export function toClientBody(json: JsonObject): ClientBody {
  const text = unmarkExact(JSON.stringify(json))
  return { bytes: new TextEncoder().encode(text), text, json }
}

/** The text of a body. A client's is decoded anew each time: it is long, and few are needed as text. */
export function toText({ bytes, text }: ClientBody): string {
  return text ?? new TextDecoder().decode(bytes)
}

/** A client's body: the bytes, and what they parse to. */
export interface ClientBody {
  bytes: Uint8Array
  /** At hand where the body was written anew. */
  text?: string
  json: JsonObject
  /** Of the header `anthropic-beta`, those that the host knows. */
  betas?: readonly string[]
}
