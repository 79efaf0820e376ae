/** Decodes and parses the body of a request: bounded in memory, depth and values. */
import { GatewayError, invalidRequest } from '../../anthropic/error.ts'
import { mayBeInexact } from '../../anthropic/exact-json.ts'
import { isObject } from '../../anthropic/json.ts'
import type { RequestBody } from './body.ts'
import { exceededBound, inspectJson } from './json-bounds.ts'
import type { JsonBounds } from './json-bounds.ts'

/**
 * The maximal length of a body in bytes, which is Anthropic's
 * (https://docs.claude.com/en/api/errors).
 */
export const maxBodyBytes = 32 * 1024 * 1024

/**
 * The bounds of a body's JSON. Tool schemas, the deepest that clients send, have some tens of
 * levels, and long sessions some ten thousand values.
 */
const bounds = { maxDepth: 256, maxValues: 200_000 }

/**
 * The length in characters up to which values are counted after parsing, which is faster: half as many of them
 * fit into a text, so that it has few more than are accepted.
 */
const maxShortLength = 512 * 1024

/** The text of a body, and its length in bytes of UTF-8. */
export interface BodyText {
  text: string
  byteLength: number
}

/** Decodes complete bodies only, so that it has no state between them: creating one costs more than decoding. */
const shortBodies = createBodyDecoder()

/** Decodes and parses a JSON object. Throws a GatewayError `too_large` or `invalid_request`. */
export function parseBody(bytes: Uint8Array): RequestBody {
  return parseBodyText({ text: decodeBody(shortBodies, bytes), byteLength: bytes.length })
}

/** Parses a JSON object. Throws a GatewayError `too_large` or `invalid_request`. */
export function parseBodyText({ text, byteLength }: BodyText): RequestBody {
  checkWidth(text)
  if (text.length > maxShortLength) {
    refuse(exceededBound(text, bounds))
  }
  const json = parse(text)
  const { exceeded, isWellFormed } = inspectJson(json, bounds)
  refuse(exceeded)
  if (!isObject(json)) {
    throw invalidRequest('Input should be a valid dictionary')
  }
  return {
    text,
    byteLength,
    json,
    isWellFormed,
    mayBeInexact: mayBeInexact(text),
    hold: undefined,
  }
}

/** Characters outside of Latin-1, for which V8 holds a whole text in two bytes a character. */
const wide = /[\u0100-\uffff]/
const maxWideLength = maxBodyBytes / 2

/**
 * Refuses a text that takes more memory than its bytes: an isolate has 128 MB, and holds a body as text,
 * as values and as the upstream's text (docs/reference/limits.md).
 */
function checkWidth(text: string): void {
  if (text.length > maxWideLength && wide.test(text)) {
    const reason = `it has more than ${maxWideLength} characters, some of them outside of Latin-1`
    throw new GatewayError({ kind: 'too_large', reason })
  }
}

/** Refuses a body that exceeds a bound. */
function refuse(exceeded: keyof JsonBounds | undefined): void {
  switch (exceeded) {
    case 'maxDepth':
      throw invalidRequest(`The request body is nested more than ${bounds.maxDepth} levels deep`)
    case 'maxValues':
      throw new GatewayError({
        kind: 'too_large',
        reason: `it has more than ${bounds.maxValues} JSON values`,
      })
    case undefined:
  }
}

/** Fatal, since replacing invalid UTF-8 would change a prompt silently. */
export function createBodyDecoder(): TextDecoder {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
}

/** Decodes the next bytes of a stream, or without any its end; or all bytes if it is no stream. */
export function decodeBody(decoder: TextDecoder, bytes?: Uint8Array, stream = false): string {
  try {
    return decoder.decode(bytes, { stream })
  } catch {
    throw invalidRequest('The request body is not valid UTF-8')
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // V8's message quotes the body; the position is enough to locate the error.
    const position = /position \d+(?: \(line \d+ column \d+\))?/.exec(String(error))?.[0]
    const where = position === undefined ? 'unexpected end' : `unexpected character at ${position}`
    throw invalidRequest(
      `The request body is not valid JSON: ${text === '' ? 'it is empty' : where}`,
    )
  }
}
