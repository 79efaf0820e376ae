/** The body of a client's request, once it is read and parsed. */
import type { JsonObject } from '../../anthropic/json.ts'
import { wellFormed } from '../../anthropic/request/well-formed.ts'

export interface RequestBody {
  /** The bytes as sent, decompressed. Valid UTF-8. */
  bytes: Uint8Array
  json: JsonObject
  /** Whether strings in `json` may contain lone surrogates: see {@link toWellFormed}. */
  mayContainLoneSurrogates: boolean
}

/** The JSON for upstreams that it is serialized anew for. */
export function toWellFormed(body: RequestBody): JsonObject {
  return body.mayContainLoneSurrogates ? wellFormed(body.json) : body.json
}

/** Releases all that the body retains, whoever refers to it. */
export function releaseBody(body: RequestBody): void {
  body.bytes = new Uint8Array()
  body.json = {}
}
