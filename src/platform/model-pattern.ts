/**
 * Matches model names with patterns, in which `*` matches any characters, or none. Everything else
 * is literal.
 */

/**
 * Returns the text that the only `*` of a pattern matches in a name; undefined if the name does not
 * match. For a pattern without `*` that is an empty string.
 */
export function matchWildcard(pattern: string, name: string): string | undefined {
  const star = pattern.indexOf('*')
  if (star === -1) {
    return pattern === name ? '' : undefined
  }
  const before = pattern.slice(0, star)
  const after = pattern.slice(star + 1)
  const fits =
    name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after)
  return fits ? name.slice(before.length, name.length - after.length) : undefined
}

/** Whether any of the patterns, each with any number of `*`, matches the whole name. */
export function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matches(pattern, name))
}

function matches(pattern: string, name: string): boolean {
  const pieces = pattern.split('*')
  const first = pieces.shift() ?? ''
  const last = pieces.pop()
  if (last === undefined) {
    return pattern === name
  }
  if (!name.startsWith(first) || !name.endsWith(last)) {
    return false
  }
  const end = endOfPieces(pieces, name, first.length)
  return end !== undefined && end <= name.length - last.length
}

/** The index behind the pieces, which follow one another in a text from `start`; undefined where they do not. */
export function endOfPieces(
  pieces: readonly string[],
  text: string,
  start: number,
): number | undefined {
  let at = start
  for (const piece of pieces) {
    const found = text.indexOf(piece, at)
    if (found === -1) {
      return undefined
    }
    at = found + piece.length
  }
  return at
}

/** Returns the number of `*` in a pattern. */
export function countWildcards(pattern: string): number {
  return pattern.split('*').length - 1
}
