/** The media type of a file: as declared, checked by its first bytes where models depend on it. */
import { invalidAt } from '../anthropic/error.ts'

/** Enough for every signature. */
export const signatureBytes = 12

/** The types that models take as images and documents, by the beginning of their bytes as text. */
const signatures: readonly { type: string; extension: string; pattern: RegExp }[] = [
  { type: 'application/pdf', extension: 'pdf', pattern: /^%PDF-/ },
  { type: 'image/png', extension: 'png', pattern: /^.PNG\r\n/ },
  { type: 'image/jpeg', extension: 'jpg', pattern: /^\xff\xd8\xff/ },
  { type: 'image/gif', extension: 'gif', pattern: /^GIF8[79]a/ },
  { type: 'image/webp', extension: 'webp', pattern: /^RIFF.{4}WEBP/s },
]

const unknownType = 'application/octet-stream'

/** Types of files that are declared as nothing particular, by extension. */
const byExtension: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
}

/**
 * The type of a file that begins with `head`. Throws a GatewayError `invalid_request` if the content is not of
 * the declared type, which a model would refuse later.
 */
export function toMediaType(declared: string, head: Uint8Array, filename: string): string {
  const text = new TextDecoder('latin1').decode(head.subarray(0, signatureBytes))
  const found = signatures.find(({ pattern }) => pattern.test(text))
  const type = declared.toLowerCase()
  if (type === unknownType || type === '') {
    const extension = filename.split('.').at(-1)?.toLowerCase() ?? ''
    return found?.type ?? byExtension[extension] ?? unknownType
  }
  if (found?.type !== type && signatures.some((known) => known.type === type)) {
    throw invalidAt('file', `the content is not of type ${type}, with which the file was uploaded`)
  }
  return type
}

/** The usual extension of a type. */
export function toExtension(type: string): string {
  const known = Object.entries(byExtension).find(([, each]) => each === type)?.[0]
  return signatures.find((each) => each.type === type)?.extension ?? known ?? 'bin'
}
