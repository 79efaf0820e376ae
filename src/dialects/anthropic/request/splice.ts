/**
 * Replaces the model in a request without changing another byte: Anthropic binds thinking to the
 * exact prefix, and prompt caches to exact bytes, so the body is not parsed and serialized again.
 */

/**
 * The JSON text with the value of its top-level `model` replaced; undefined where that value cannot
 * be found (the text is not a JSON object, or has no such key). If the key occurs several times,
 * every value is replaced. `text` must be valid JSON.
 */
export function replaceModel(text: string, model: string): string | undefined {
  const spans = topLevelValues(text, 'model')
  if (spans.length === 0) {
    return undefined
  }
  let result = ''
  let from = 0
  for (const { start, end } of spans) {
    result += text.slice(from, start) + JSON.stringify(model)
    from = end
  }
  return result + text.slice(from)
}

/**
 * The JSON text with its top-level pair of `model` and name replaced by other pairs, which must be
 * JSON themselves; undefined unless there is exactly one. `text` must be valid JSON.
 */
export function replaceModelPair(text: string, pairs: string): string | undefined {
  const [span, ...others] = topLevelValues(text, 'model')
  return span === undefined || others.length > 0
    ? undefined
    : text.slice(0, span.keyStart) + pairs + text.slice(span.end)
}

interface Span {
  /** Index of the key's opening quote. */
  keyStart: number
  /** Index of the value's first character. */
  start: number
  end: number
}

/**
 * The positions of all values of a top-level key. Scans strings and brackets only, in linear time.
 */
function topLevelValues(text: string, key: string): Span[] {
  const spans: Span[] = []
  let depth = 0
  let expectKey = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at)
    if (character === quote) {
      const end = stringEnd(text, at)
      if (depth === 1 && expectKey && text.slice(at, end) === `"${key}"`) {
        const value = { keyStart: at, ...valueSpan(text, end) }
        spans.push(value)
        at = value.end - 1
      } else {
        at = end - 1
      }
      expectKey = false
    } else if (character === openBrace || character === openBracket) {
      depth += 1
      expectKey = depth === 1 && character === openBrace
    } else if (character === closeBrace || character === closeBracket) {
      depth -= 1
    } else if (character === comma) {
      expectKey = depth === 1
    }
  }
  return spans
}

const [quote, openBrace, closeBrace, openBracket, closeBracket, comma, backslash] = [
  34, 123, 125, 91, 93, 44, 92,
]

/** The index after a string's closing quote, given the index of its opening quote. */
function stringEnd(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charCodeAt(at) !== quote) {
    at += text.charCodeAt(at) === backslash ? 2 : 1
  }
  return at + 1
}

/**
 * The position of the value after a key, which is empty unless that is a string, as a model's name
 * is.
 */
function valueSpan(text: string, afterKey: number): Omit<Span, 'keyStart'> {
  const start = text.indexOf('"', afterKey)
  return { start, end: stringEnd(text, start) }
}
