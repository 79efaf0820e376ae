/** The body of a client's request, after reading and parsing. */
import { markExact } from '../../anthropic/exact-json.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, parseJson } from '../../anthropic/json.ts'
import { wellFormed } from '../../anthropic/request/well-formed.ts'
import type { BodyHold } from './long-bodies.ts'

/** A client's body as text and as JSON. */
export interface RequestBody {
  /** The text as sent, decompressed; `''` once it is released. */
  text: string
  /** The length as sent, decompressed, in bytes of UTF-8. */
  byteLength: number
  json: JsonObject
  /** Whether no string in `json` has a lone surrogate: see {@link toWellFormed}. */
  isWellFormed: boolean
  /** Whether tool inputs in `json` may differ from `text`: see {@link toExact}. */
  mayBeInexact: boolean
  /** Undefined for a request that the gateway itself makes. */
  hold: BodyHold | undefined
}

/** The body of a request that the gateway itself makes. */
export function toRequestBody(json: JsonObject): RequestBody {
  const text = JSON.stringify(json)
  return {
    text,
    byteLength: new TextEncoder().encode(text).length,
    json,
    isWellFormed: true,
    mayBeInexact: false,
    hold: undefined,
  }
}

/**
 * The JSON with marks for values that parsing would change in tool inputs and schemas; serialize it
 * with `unmarkExact`.
 */
export function toExact({ text, json, mayBeInexact }: RequestBody): JsonObject {
  return mayBeInexact ? (asObject(parseJson(markExact(text))) ?? json) : json
}

/**
 * The well-formed JSON for upstreams for which it is serialized again, exact as by {@link toExact}.
 */
export function toWellFormed(body: RequestBody): JsonObject {
  const json = toExact(body)
  return body.isWellFormed ? json : wellFormed(json)
}

/**
 * Releases the text where no upstream is sent it as it is: the values that were parsed from it take as
 * much memory again.
 */
export function releaseText(body: RequestBody): void {
  if (!body.mayBeInexact) {
    body.text = ''
  }
}

/** Releases the memory of a body, even if something still refers to it. */
export function releaseBody(body: RequestBody): void {
  body.text = ''
  body.json = {}
  body.hold?.release()
}
