/** `*` in model names: stands for any characters, also none. Everything else is literal. */

/**
 * What the one `*` of a pattern stands for in a name; undefined where they do not match.
 * A pattern without `*` stands for itself, and yields an empty string.
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
  let at = first.length
  for (const piece of pieces) {
    const found = name.indexOf(piece, at)
    if (found === -1) {
      return false
    }
    at = found + piece.length
  }
  return at <= name.length - last.length
}

/** How many `*` a pattern holds. */
export function countWildcards(pattern: string): number {
  return pattern.split('*').length - 1
}
