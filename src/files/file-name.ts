/** The names of files, by Anthropic's rules (https://docs.claude.com/en/docs/build-with-claude/files). */
import { GatewayError } from '../anthropic/error.ts'

const maxLength = 255
const forbidden = /[<>:"|?*\p{Cc}]/u

/**
 * The name under which a file is kept: the last component of the client's path. Throws a GatewayError
 * `invalid_request` for a name that is too long or has a forbidden character. `extension`: of a file without
 * a name.
 */
export function toFileName(given: string, extension: string): string {
  const name = given.split(/[/\\]/).at(-1) ?? ''
  if (name === '') {
    return `unnamed.${extension}`
  }
  if (name.length > maxLength || forbidden.test(name)) {
    throw new GatewayError({
      kind: 'invalid_request',
      message: `file: the filename must have 1 to ${maxLength} characters, and none of < > : " | ? * \\ / or control characters`,
      path: 'file',
    })
  }
  return name
}
