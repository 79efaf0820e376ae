import { markExact } from '../../anthropic/exact-json.ts'
/** The body of a client's request, after reading and parsing. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, parseJson } from '../../anthropic/json.ts'
import { wellFormed } from '../../anthropic/request/well-formed.ts'

export interface RequestBody {
  /** The bytes as sent, decompressed. Valid UTF-8. */
  bytes: Uint8Array
  json: JsonObject
  /** Whether strings in `json` may contain lone surrogates: see {@link toWellFormed}. */
  mayContainLoneSurrogates: boolean
  /** Whether tool inputs in `json` may differ from `bytes`: see {@link toExact}. */
  mayBeInexact: boolean
}

/**
 * The JSON with marks for values that parsing would change in tool inputs and schemas; serialize it
 * with `unmarkExact`.
 */
export function toExact({ bytes, json, mayBeInexact }: RequestBody): JsonObject {
  return mayBeInexact
    ? (asObject(parseJson(markExact(new TextDecoder().decode(bytes)))) ?? json)
    : json
}

/**
 * The well-formed JSON for upstreams for which it is serialized again, exact as by {@link toExact}.
 */
export function toWellFormed(body: RequestBody): JsonObject {
  const json = toExact(body)
  return body.mayContainLoneSurrogates ? wellFormed(json) : json
}

/** Releases the memory of a body, even if something still refers to it. */
export function releaseBody(body: RequestBody): void {
  body.bytes = new Uint8Array()
  body.json = {}
}
