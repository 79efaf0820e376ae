/**
 * The codes of the device flow (RFC 8628): a user code that a person compares and may type, and a device
 * code that a client keeps. The device code begins with the user code, by which the grant is found.
 */
import { mintSecret } from '../secret.ts'

/**
 * The letters of a user code: without vowels, so that no words come about, and without those that look alike.
 */
const letters = 'BCDFGHJKLMNPQRSTVWXZ'
const length = 8
const form = new RegExp(`^[${letters}]{${length}}$`)

/** Creates a user code: 8 of 20 letters. */
export function mintUserCode(): string {
  let code = ''
  while (code.length < length) {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1))
    // 240 is a multiple of 20: each letter is equally likely.
    code += byte < 240 ? letters.charAt(byte % letters.length) : ''
  }
  return code
}

/** The code as it is shown: `WDJB-MJHT`. */
export function showUserCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`
}

/** The code that a person typed, whatever its case, spaces and dashes; undefined for anything else. */
export function readUserCode(typed: string): string | undefined {
  const code = typed.replace(/[^A-Za-z]/g, '').toUpperCase()
  return form.test(code) ? code : undefined
}

/** Creates the device code of a user code. */
export function mintDeviceCode(userCode: string): string {
  return `${userCode}.${mintSecret()}`
}

/** The user code of a device code; undefined for anything else. */
export function readDeviceCode(text: string): string | undefined {
  const [userCode = '', secret = ''] = text.split('.')
  return /^[0-9a-f]{64}$/.test(secret) ? readUserCode(userCode) : undefined
}
