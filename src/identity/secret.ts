/** Secrets that are sent to clients and browsers. Only their hashes are stored. */
import { hashKey } from '../keys/key.ts'
import { toHex } from '../platform/bytes.ts'

/** Creates a secret of 256 random bits. */
export function mintSecret(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(32)))
}

/** The hash of a secret: of any length, and so random that it needs no salt. */
export const hashSecret: (secret: string) => Promise<string> = hashKey
