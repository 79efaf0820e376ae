/** Several text blocks as one string, for upstreams that take no more. */

/**
 * Joins texts that are paragraphs of their own (system blocks, a user's blocks, a tool's outputs).
 * Where neither side brings a line break, a blank line keeps words and sentences apart.
 */
export function joinTexts(texts: readonly string[]): string {
  let joined = ''
  for (const text of texts) {
    const isApart = joined === '' || text === '' || joined.endsWith('\n') || text.startsWith('\n')
    joined += isApart ? text : `\n\n${text}`
  }
  return joined
}
