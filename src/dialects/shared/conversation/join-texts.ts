/** Joins text blocks for upstreams that accept only one string. */

/**
 * Joins separate paragraphs (system blocks, user blocks, tool outputs). A blank line is inserted
 * unless either side has a line break.
 */
export function joinTexts(texts: readonly string[]): string {
  let joined = ''
  // Not `joined.endsWith`, which would copy all that was joined for each text.
  let last = ''
  for (const text of texts) {
    const isApart = last === '' || text === '' || last.endsWith('\n') || text.startsWith('\n')
    joined += isApart ? text : `\n\n${text}`
    last = text === '' ? last : text
  }
  return joined
}
