/**
 * Valid model names. A name becomes part of URLs, headers, log lines and cache keys, so before any use
 * its length is bounded and it cannot change a path.
 */

import { maskSecrets } from '../platform/mask-secrets.ts'

const maxLength = 256

/**
 * Printable ASCII, in pieces separated by slashes of which none is empty, `.` or `..`,
 * without the characters that end a path (`?`, `#`) or that URL parsers read as a slash (`\`), and
 * without an API key: a client whose settings are mixed up must not have it logged and stored.
 */
export function isModelName(name: string): boolean {
  return (
    name.length <= maxLength &&
    /^[ -~]+$/.test(name) &&
    !/[?#\\]/.test(name) &&
    maskSecrets(name) === name &&
    !name.split('/').some((piece) => ['', '.', '..'].includes(decodeDots(piece)))
  )
}

/** Decodes `%2e`: servers may decode a piece once more, so that `%2e%2e` is `..` to them. */
function decodeDots(piece: string): string {
  return piece.replaceAll(/%2e/gi, '.')
}
