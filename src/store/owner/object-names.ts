/** The names of objects in R2. */

/** A file's. */
export function toFileObject(owner: string, id: string): string {
  return `files/${owner}/${id}`
}

/** The prefix of a batch's requests. */
export function toInputPrefix(batch: string): string {
  return `in/${batch}/`
}

/** The prefix of a batch's results. */
export function toOutputPrefix(batch: string): string {
  return `out/${batch}/`
}
