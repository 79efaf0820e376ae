/** The names of objects in R2. */

/** A file's. */
export function toFileObject(owner: string, id: string): string {
  return `files/${owner}/${id}`
}
