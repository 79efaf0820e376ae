import { toHex } from './bytes.ts'

/** SHA-256 of a text, in hexadecimal digits. */
export async function sha256(text: string): Promise<string> {
  // oxlint-disable-next-line no-restricted-globals -- a digest depends on the text alone
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return toHex(new Uint8Array(hash))
}
