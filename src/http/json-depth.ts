/** How deeply JSON is nested, before it is parsed: parsed values are walked by code that recurs. Pure. */

/**
 * Whether brackets stand more than `max` deep. Strings, which are most of a prompt, are skipped without
 * looking at their characters one by one. What is no JSON gets any answer.
 */
export function isDeeperThan(text: string, max: number): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = stringEnd(text, at)
        break
      case openBrace:
      case openBracket:
        depth += 1
        if (depth > max) {
          return true
        }
        break
      case closeBrace:
      case closeBracket:
        depth -= 1
        break
      default:
    }
  }
  return false
}

const [quote, openBrace, closeBrace, openBracket, closeBracket, backslash] = [
  34, 123, 125, 91, 93, 92,
]

/** The index of a string's closing quote, or of the last character; `start` is at its opening one. */
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
