/** Finds JSON within a prompt's text. */
import { parseJson } from '../../anthropic/json.ts'

/** The limit on attempts, for texts with many braces and no JSON. */
const maxAttempts = 200

/** Characters. A longer value is not found: each attempt reads so far at most. */
const maxLength = 100_000

/**
 * Parses the object or array at `from`, after optional whitespace, and returns it with the offset of its
 * end; undefined if there is none. Escaped quotes (`{\"a\":1}`), from a prompt quoted as a whole, are
 * accepted.
 */
export function jsonAt(text: string, from: number): { value: unknown; end: number } | undefined {
  const near = text.slice(from, from + maxLength)
  const start = from + near.search(/\S/)
  const quoted = near.trimStart()
  for (const json of [balancedAt(quoted, 0), balancedAt(quoted.replace(/\\(["\\])/g, '$1'), 0)]) {
    const value = json === undefined ? undefined : parseJson(json)
    if (json !== undefined && value !== undefined) {
      return { value, end: start + json.length }
    }
  }
  return undefined
}

/** Returns the outermost objects and arrays in the text that parse, in order. */
export function findJson(text: string): unknown[] {
  const found: unknown[] = []
  const opening = /[{[]/g
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const match = opening.exec(text)
    if (match === null) {
      return found
    }
    const candidate = balancedAt(text.slice(match.index, match.index + maxLength), 0)
    const value = candidate === undefined ? undefined : parseJson(candidate)
    if (candidate !== undefined && value !== undefined) {
      found.push(value)
      opening.lastIndex = match.index + candidate.length
    }
  }
  return found
}

/** The text from the bracket at `start` to the matching one; brackets in strings do not count. */
function balancedAt(text: string, start: number): string | undefined {
  if (text[start] !== '{' && text[start] !== '[') {
    return undefined
  }
  // A string that does not end is read to the end, and not once more from each quote in it.
  const token = /"(?:[^"\\]|\\.)*"?|[{}[\]]/gs
  token.lastIndex = start
  let depth = 0
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    if (match[0] === '{' || match[0] === '[') {
      depth += 1
    } else if (match[0] === '}' || match[0] === ']') {
      depth -= 1
    }
    if (depth === 0) {
      return text.slice(start, token.lastIndex)
    }
  }
  return undefined
}
