/**
 * Keeps tool inputs and schemas as they were written. Parsing rounds integers beyond 2^53, rewrites
 * exponents (`1e3` as `1000`) and moves integer keys to the front: the model would see another call
 * than it made, and prefix caches would miss.
 *
 * While a request is translated, such numbers are strings and such keys have a prefix, both marked by
 * Unicode noncharacters, which are reserved for internal use (https://www.unicode.org/faq/private_use.html);
 * serializing restores what was written, at any depth of JSON in strings of JSON.
 */

import type { JsonObject } from './json.ts'
import { parseJson } from './json.ts'

const numberMark = '\uFDD0'
const keyMark = '\uFDD1'

/** Matches a number that is long or has an exponent, or an integer key, in JSON text. */
const suspicious = /[:,[]\s*-?(?:\d{16}|\d+(?:\.\d+)?[eE]|\d+\.\d{16})|[{,]\s*"\d+"\s*:/
const marks = /[\uFDD0\uFDD1]|\\ufdd[01]/i

/** Whether parsing a JSON text may change its tool inputs and schemas. */
export function mayBeInexact(text: string): boolean {
  return suspicious.test(text) && !marks.test(text)
}

/** Keys of a client's body whose values are written by models and tool authors. */
const clientKeys: ReadonlySet<string> = new Set(['input', 'input_schema', 'schema'])

/** Keys of an upstream's answer with the arguments of a tool call as an object. */
const upstreamKeys: ReadonlySet<string> = new Set(['args', 'arguments', 'input'])
const objectArguments = /"(?:args|arguments|input)"\s*:\s*[[{]/

/** Marks inexact values in the tool inputs and schemas of a JSON text, in linear time. */
export function markExact(text: string): string {
  return new ExactMarker(text, clientKeys).mark()
}

/**
 * Parses an upstream's answer, with inexact values in arguments marked: {@link toExactText} serializes
 * them. Undefined if the text is not JSON.
 */
export function parseExact(text: string): unknown {
  return parseJson(
    objectArguments.test(text) && mayBeInexact(text)
      ? new ExactMarker(text, upstreamKeys).mark()
      : text,
  )
}

/** Serializes arguments as they were written. */
export function toExactText(value: JsonObject): string {
  return unmarkExact(JSON.stringify(value))
}

/** One pass over a JSON text. */
class ExactMarker {
  readonly #text: string
  readonly #exactKeys: ReadonlySet<string>
  readonly #pieces: string[] = []
  /** The index up to which the text was copied. */
  #copied = 0
  #depth = 0
  /** The depth of the current input or schema; infinite outside of one. */
  #exactDepth = Infinity
  /** Whether the next value is an input or a schema. */
  #isExactNext = false

  constructor(text: string, exactKeys: ReadonlySet<string>) {
    this.#text = text
    this.#exactKeys = exactKeys
  }

  mark(): string {
    let at = 0
    while (at < this.#text.length) {
      at = this.#readToken(at)
    }
    return this.#pieces.join('') + this.#text.slice(this.#copied)
  }

  /** Reads the token at an index; returns the index after it. */
  #readToken(at: number): number {
    const character = this.#text[at] ?? ''
    switch (character) {
      case '"':
        return this.#readString(at)
      case '{':
      case '[':
        this.#open()
        return at + 1
      case '}':
      case ']':
        this.#close()
        return at + 1
      case ',':
        this.#isExactNext = false
        return at + 1
      default:
        return beginsNumber(character) ? this.#readNumber(at) : at + 1
    }
  }

  #open(): void {
    if (this.#isExactNext && this.#exactDepth === Infinity) {
      this.#exactDepth = this.#depth
    }
    this.#isExactNext = false
    this.#depth += 1
  }

  #close(): void {
    this.#depth -= 1
    if (this.#depth === this.#exactDepth) {
      this.#exactDepth = Infinity
    }
  }

  #readString(start: number): number {
    const end = stringEnd(this.#text, start)
    const key = isKey(this.#text, end) ? this.#text.slice(start + 1, end - 1) : undefined
    if (key !== undefined && this.#depth > this.#exactDepth && /^\d+$/.test(key)) {
      this.#pieces.push(this.#text.slice(this.#copied, start + 1), keyMark)
      this.#copied = start + 1
    }
    this.#isExactNext = key !== undefined && this.#exactKeys.has(key)
    return end
  }

  #readNumber(start: number): number {
    let end = start + 1
    while (isNumeric(this.#text[end] ?? '')) {
      end += 1
    }
    const number = this.#text.slice(start, end)
    if (this.#depth > this.#exactDepth && String(Number(number)) !== number) {
      this.#pieces.push(this.#text.slice(this.#copied, start), `"${numberMark}${number}"`)
      this.#copied = end
    }
    return end
  }
}

function beginsNumber(character: string): boolean {
  return character === '-' || (character >= '0' && character <= '9')
}

/** Whether a character can be part of a number. */
function isNumeric(character: string): boolean {
  return character !== '' && '0123456789.eE+-'.includes(character)
}

/** Removes the marks from serialized JSON, which restores the original values. */
export function unmarkExact(json: string): string {
  if (!json.includes(numberMark) && !json.includes(keyMark)) {
    return json
  }
  // The lookbehind keeps a run of backslashes from being tried at each of them.
  return json.replace(/(?<!\\)(\\*)"\uFDD0([-+.\deE]+)\1"/g, '$2').replaceAll(keyMark, '')
}

/** Returns a key without its mark. */
export function plainKey(key: string): string {
  return key.startsWith(keyMark) ? key.slice(1) : key
}

/** The index after a string's closing quote, given the index of its opening quote. */
function stringEnd(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') {
    at += text[at] === '\\' ? 2 : 1
  }
  return at + 1
}

/** Whether the string that ends at an index is a key, followed by a colon. */
function isKey(text: string, end: number): boolean {
  let at = end
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') {
    at += 1
  }
  return text[at] === ':'
}
