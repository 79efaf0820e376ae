/**
 * Which names of models are looked up at all. A name becomes part of URLs, headers, log lines and
 * keys of memories, so it is bounded and cannot steer a path, before anything is done with it.
 */

const maxLength = 256

/**
 * Printable ASCII, in pieces separated by slashes of which none is empty, `.` or `..`,
 * and without the characters that end a path (`?`, `#`) or that URL parsers read as a slash (`\`).
 */
export function isModelName(name: string): boolean {
  return (
    name.length <= maxLength &&
    /^[ -~]+$/.test(name) &&
    !/[?#\\]/.test(name) &&
    !name.split('/').some((piece) => ['', '.', '..'].includes(decodeDots(piece)))
  )
}

/** Servers may decode a piece once more: `%2e%2e` is `..` to them. */
function decodeDots(piece: string): string {
  return piece.replaceAll(/%2e/gi, '.')
}
