/**
 * Names of documents, for which Converse has a rule: `The document file name can only contain
 * alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets`, no
 * two spaces in a row, no name twice.
 */

/** The names of one request's documents. */
export interface DocumentNames {
  /** Returns a valid name, which no other document of the request has. */
  toName: (title: string | undefined) => string
}

const maxLength = 180

/** Creates the names of one request's documents. */
export function createDocumentNames(): DocumentNames {
  const taken = new Set<string>()
  /**
   * The next number to try for each name, so that many documents with one name need no search each.
   */
  const next = new Map<string, number>()
  return {
    toName(title) {
      const name = toLegal(title ?? '') || 'document'
      let candidate = name
      let count = next.get(name) ?? 2
      while (taken.has(candidate)) {
        candidate = `${name} ${count}`
        count += 1
      }
      next.set(name, count)
      taken.add(candidate)
      return candidate
    },
  }
}

function toLegal(title: string): string {
  return title
    .replace(/[^a-zA-Z0-9\-()[\]]+/g, ' ')
    .trim()
    .slice(0, maxLength)
    .trim()
}
