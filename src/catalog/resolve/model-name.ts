/**
 * Valid model names. A name becomes part of URLs, headers, log lines and cache keys, so that its
 * length is bounded and it cannot change a path.
 */

import { maskSecrets } from '../../platform/mask-secrets.ts'

const maxLength = 256

/**
 * Whether a name is valid: printable ASCII, in segments separated by slashes of which none is
 * empty, `.` or `..`, without the characters that end a path (`?`, `#`) or that URL parsers read as
 * a slash (`\`), and without an API key, which a misconfigured client must not have logged and
 * stored.
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

/** Decodes `%2e`: servers may decode a segment again, so that `%2e%2e` is `..` to them. */
function decodeDots(piece: string): string {
  return piece.replaceAll(/%2e/gi, '.')
}
