/**
 * Tool inputs and schemas as they were written. Parsing rounds integers beyond 2^53, rewrites exponents
 * (`1e3` as `1000`) and moves keys that look like integers to the front: the model would be shown
 * another call than it made, and prefix caches would miss.
 *
 * While a request is translated, such numbers are strings and such keys have a prefix, both marked by
 * Unicode noncharacters, which are reserved for internal use (https://www.unicode.org/faq/private_use.html);
 * serializing restores what was written, at any depth of JSON in strings of JSON.
 */

const numberMark = '\uFDD0'
const keyMark = '\uFDD1'

/** Where a number is too long or has an exponent, or a key looks like an integer, in JSON text. */
const suspicious = /[:,[]\s*-?(?:\d{16}|\d+(?:\.\d+)?[eE])|[{,]\s*"\d+"\s*:/
const marks = /[\uFDD0\uFDD1]|\\ufdd[01]/i

/** Whether parsing this JSON text may change what its tool inputs and schemas say. */
export function mayBeInexact(text: string): boolean {
  return suspicious.test(text) && !marks.test(text)
}

/** Keys whose values are written by models and tool authors, and are passed on. */
const exactKeys = new Set(['input', 'input_schema', 'schema'])

/** The JSON text, which {@link mayBeInexact}, with marks in its tool inputs and schemas. Linear. */
export function markExact(text: string): string {
  return new ExactMarker(text).mark()
}

/** One pass over a JSON text. */
class ExactMarker {
  readonly #text: string
  readonly #pieces: string[] = []
  /** Where the text begins that is not in the pieces yet. */
  #copied = 0
  #depth = 0
  /** Depth of the input or schema that is being read; infinite outside of any. */
  #exactDepth = Infinity
  /** Whether the next value is an input or a schema. */
  #isExactNext = false

  constructor(text: string) {
    this.#text = text
  }

  mark(): string {
    let at = 0
    while (at < this.#text.length) {
      at = this.#readToken(at)
    }
    return this.#pieces.join('') + this.#text.slice(this.#copied)
  }

  /** The index after the token that begins there. */
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
    this.#isExactNext = key !== undefined && exactKeys.has(key)
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

/** Whether a number goes on with the character. */
function isNumeric(character: string): boolean {
  return character !== '' && '0123456789.eE+-'.includes(character)
}

/** Serialized JSON without marks: what was marked is written as it was. */
export function unmarkExact(json: string): string {
  if (!json.includes(numberMark) && !json.includes(keyMark)) {
    return json
  }
  return json.replace(/(\\*)"\uFDD0([-+.\deE]+)\1"/g, '$2').replaceAll(keyMark, '')
}

/** A key without its mark. */
export function plainKey(key: string): string {
  return key.startsWith(keyMark) ? key.slice(1) : key
}

/** The index after a string's closing quote; `start` is at its opening one. */
function stringEnd(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') {
    at += text[at] === '\\' ? 2 : 1
  }
  return at + 1
}

/** Whether a colon follows the string that ends there. */
function isKey(text: string, end: number): boolean {
  let at = end
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') {
    at += 1
  }
  return text[at] === ':'
}
