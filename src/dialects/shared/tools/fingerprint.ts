/**
 * Short hashes for long names, not cryptographic: one text has the same hash in every request, so
 * that prefix caches hit, and two texts of a conversation hardly ever collide.
 */

const base36 = '0123456789abcdefghijklmnopqrstuvwxyz'

/** The digits and letters of ASCII. */
export const base62 = `${base36}ABCDEFGHIJKLMNOPQRSTUVWXYZ`

// FNV-1a, 64 bits (https://datatracker.ietf.org/doc/html/draft-eastlake-fnv).
const offsetBasis = 0xcbf29ce484222325n
const prime = 0x100000001b3n
const mask = 0xffffffffffffffffn

/** A hash of `text` in `length` characters of `alphabet`. */
export function fingerprint(text: string, length: number, alphabet: string = base36): string {
  const base = BigInt(alphabet.length)
  let rest = hash(text)
  let name = ''
  for (let index = 0; index < length; index += 1) {
    name += alphabet[Number(rest % base)]
    rest /= base
  }
  return name
}

function hash(text: string): bigint {
  let value = offsetBasis
  for (const byte of new TextEncoder().encode(text)) {
    value = ((value ^ BigInt(byte)) * prime) & mask
  }
  // Mixes the bits, since FNV's low bits, from which the characters are taken, depend little on
  // some bytes.
  return value ^ (value >> 32n)
}
