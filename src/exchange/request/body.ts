import { markExact } from '../../anthropic/exact-json.ts'
/** The body of a client's request, once it is read and parsed. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, parseJson } from '../../anthropic/json.ts'
import { wellFormed } from '../../anthropic/request/well-formed.ts'

export interface RequestBody {
  /** The bytes as sent, decompressed. Valid UTF-8. */
  bytes: Uint8Array
  json: JsonObject
  /** Whether strings in `json` may contain lone surrogates: see {@link toWellFormed}. */
  mayContainLoneSurrogates: boolean
  /** Whether `json` may say something else of tool inputs than `bytes`: see {@link toExact}. */
  mayBeInexact: boolean
}

/** The JSON with marks where parsing would change tool inputs and schemas; serialize it with `unmarkExact`. */
export function toExact({ bytes, json, mayBeInexact }: RequestBody): JsonObject {
  return mayBeInexact
    ? (asObject(parseJson(markExact(new TextDecoder().decode(bytes)))) ?? json)
    : json
}

/** The JSON for upstreams that it is serialized anew for, exact as {@link toExact} has it. */
export function toWellFormed(body: RequestBody): JsonObject {
  const json = toExact(body)
  return body.mayContainLoneSurrogates ? wellFormed(json) : json
}

/** Releases all that the body retains, whoever refers to it. */
export function releaseBody(body: RequestBody): void {
  body.bytes = new Uint8Array()
  body.json = {}
}
