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
  const pieces: string[] = []
  let copied = 0
  let depth = 0
  /** Depth of the value that is marked. */
  let marked = Infinity
  let isExactNext = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (character === '"') {
      const end = stringEnd(text, at)
      const key = isKey(text, end) ? text.slice(at + 1, end - 1) : undefined
      if (key !== undefined && depth > marked && /^\d+$/.test(key)) {
        pieces.push(text.slice(copied, at + 1), keyMark)
        copied = at + 1
      }
      isExactNext = key !== undefined && exactKeys.has(key)
      at = end - 1
    } else if (character === '{' || character === '[') {
      marked = isExactNext && marked === Infinity ? depth : marked
      isExactNext = false
      depth += 1
    } else if (character === '}' || character === ']') {
      depth -= 1
      marked = depth === marked ? Infinity : marked
    } else if (character === '-' || (character >= '0' && character <= '9')) {
      const end = numberEnd(text, at)
      const number = text.slice(at, end)
      if (depth > marked && String(Number(number)) !== number) {
        pieces.push(text.slice(copied, at), `"${numberMark}${number}"`)
        copied = end
      }
      at = end - 1
    }
  }
  return pieces.join('') + text.slice(copied)
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

function numberEnd(text: string, start: number): number {
  let at = start + 1
  while (/[-+.\deE]/.test(text[at] ?? '')) {
    at += 1
  }
  return at
}
