/**
 * Short names for long ones. Not cryptography: the same text must give the same name in every
 * request, so that prefix caches hit, and two texts of one conversation hardly ever the same.
 */

const base36 = '0123456789abcdefghijklmnopqrstuvwxyz'
export const base62 = `${base36}ABCDEFGHIJKLMNOPQRSTUVWXYZ`

// FNV-1a, 64 bits (https://datatracker.ietf.org/doc/html/draft-eastlake-fnv).
const offsetBasis = 0xcbf29ce484222325n
const prime = 0x100000001b3n
const mask = 0xffffffffffffffffn

/** `length` characters of `alphabet` that depend on nothing but `text`. */
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
  // FNV's low bits know little of the last bytes' neighbors; the names above are made of low bits.
  return value ^ (value >> 32n)
}
