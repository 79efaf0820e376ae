/**
 * The bounds of a JSON text, checked before it is parsed: parsed values are walked by recursive code,
 * and a parsed value takes up to a hundred times the memory of its text (`[0,0,…]`, `[[],[],…]`). Pure.
 */

/** The bounds of a JSON text. */
export interface JsonBounds {
  /** The maximal depth of containers. */
  maxDepth: number
  /** The maximal number of values: members, elements and containers. */
  maxValues: number
}

/**
 * Returns the bound that a text exceeds, or undefined. Strings, which are most of a prompt, are
 * skipped without a scan of each character. For a text that is not JSON the result is unspecified.
 */
export function exceededBound(
  text: string,
  { maxDepth, maxValues }: JsonBounds,
): keyof JsonBounds | undefined {
  let depth = 0
  // Each value but the first of its container follows a comma; each container opens with a bracket.
  let values = 1
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = stringEnd(text, at)
        break
      case openBrace:
      case openBracket:
        depth += 1
        values += 1
        break
      case closeBrace:
      case closeBracket:
        depth -= 1
        break
      case comma:
        values += 1
        break
      default:
    }
    if (depth > maxDepth) {
      return 'maxDepth'
    }
    if (values > maxValues) {
      return 'maxValues'
    }
  }
  return undefined
}

const [quote, openBrace, closeBrace, openBracket, closeBracket, backslash, comma] = [
  34, 123, 125, 91, 93, 92, 44,
]

/**
 * The index of a string's closing quote, or of the last character, given the index of its opening
 * quote.
 */
function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) {
    end = text.indexOf('"', end + 1)
  }
  return end === -1 ? text.length : end
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0
  while (text.charCodeAt(at - 1 - slashes) === backslash) {
    slashes += 1
  }
  return slashes % 2 === 1
}
