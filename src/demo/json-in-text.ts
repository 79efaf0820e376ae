/** JSON that stands somewhere in a text, as people write it into prompts. */
import { parseJson } from '../anthropic/json.ts'

/** A text may open many braces without ever writing JSON; nobody's prompt needs more attempts. */
const maxAttempts = 200

/**
 * The object or array that begins at `from` (spaces aside), and where it ends; undefined where there
 * is none. A text that was quoted as a whole has its own quotes escaped (`{\"a\":1}`): that is read too.
 */
export function jsonAt(text: string, from: number): { value: unknown; end: number } | undefined {
  const start = from + text.slice(from).search(/\S/)
  const unquoted = text.slice(start).replace(/\\(["\\])/g, '$1')
  for (const json of [balancedAt(text, start), balancedAt(unquoted, 0)]) {
    const value = json === undefined ? undefined : parseJson(json)
    if (json !== undefined && value !== undefined) {
      return { value, end: start + json.length }
    }
  }
  return undefined
}

/** Every object and array in the text that parses, in order, none of them inside another. */
export function findJson(text: string): unknown[] {
  const found: unknown[] = []
  const opening = /[{[]/g
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const match = opening.exec(text)
    if (match === null) {
      return found
    }
    const candidate = balancedAt(text, match.index)
    const value = candidate === undefined ? undefined : parseJson(candidate)
    if (candidate !== undefined && value !== undefined) {
      found.push(value)
      opening.lastIndex = match.index + candidate.length
    }
  }
  return found
}

/** From the brace or bracket at `start` to the one that closes it; those inside strings don't count. */
function balancedAt(text: string, start: number): string | undefined {
  if (text[start] !== '{' && text[start] !== '[') {
    return undefined
  }
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]]/gs
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
