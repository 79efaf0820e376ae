/**
 * The form of a key: `gw-<id>-<secret>`. The id names the holder and may be logged. The secret is
 * 43 base62 characters of 32 random bytes, then 6 base62 characters of a CRC-32 over all before
 * them, so that junk and mistyped keys are rejected without a look-up.
 */
import { toHex } from '../platform/bytes.ts'
import { sha256 } from '../platform/sha256.ts'

const idLength = 10
const randomLength = 43
const checksumLength = 6

const base32 = 'abcdefghijklmnopqrstuvwxyz234567'
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const form = new RegExp(
  `^gw-([a-z2-7]{${idLength}})-[0-9A-Za-z]{${randomLength + checksumLength}}$`,
)

/** Creates an id of 50 random bits. */
export function mintId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(idLength))
  return Array.from(bytes, (byte) => base32.charAt(byte % base32.length)).join('')
}

/** Creates a key for an id. */
export function mintKey(id: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  const body = `gw-${id}-${toBase62(BigInt(`0x${toHex(bytes)}`), randomLength)}`
  return body + checksum(body)
}

/** Returns the id of a well-formed key; undefined for any other string. */
export function parseKey(text: string): string | undefined {
  const id = form.exec(text)?.[1]
  const body = text.slice(0, -checksumLength)
  return id !== undefined && text === body + checksum(body) ? id : undefined
}

/** Returns the SHA-256 of a key in hexadecimal, which is all that is stored of it. */
export function hashKey(key: string): Promise<string> {
  return sha256(key)
}

function checksum(body: string): string {
  return toBase62(BigInt(crc32(body)), checksumLength)
}

function toBase62(value: bigint, length: number): string {
  const digits: string[] = []
  let rest = value
  for (let index = 0; index < length; index++) {
    digits.push(base62.charAt(Number(rest % 62n)))
    rest /= 62n
  }
  return digits.toReversed().join('')
}

/**
 * Computes CRC-32 as in zip and PNG, bit by bit: a key has 57 characters, and a table would be
 * larger than the code.
 */
function crc32(text: string): number {
  let crc = 0xff_ff_ff_ff
  for (let index = 0; index < text.length; index++) {
    crc ^= text.charCodeAt(index)
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0xed_b8_83_20 : 0)
    }
  }
  return (crc ^ 0xff_ff_ff_ff) >>> 0
}

/** Returns the name in KV of the record of a key with this hash. */
export function keyEntry(hash: string): string {
  return `key:${hash}`
}
