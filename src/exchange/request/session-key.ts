/**
 * An identifier of one conversation for providers, which use it for prompt caching. It is a hash of
 * the client's, since Claude Code's contains device and account ids.
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, asString } from '../../anthropic/json.ts'
import { sha256 } from '../../platform/sha256.ts'

/**
 * Returns the identifier of a conversation: 32 hexadecimal digits, different for each gateway key.
 * Undefined if the client sent neither a session nor a user.
 */
export async function toSessionKey(
  keyId: string,
  headers: Headers,
  json: JsonObject,
): Promise<string | undefined> {
  const userId = asString(asObject(json['metadata'])?.['user_id'])
  const name = headers.get('x-claude-code-session-id') ?? userId
  if (name === undefined || name === '') {
    return undefined
  }
  const hash = await sha256(`${keyId}\n${name}`)
  return hash.slice(0, 32)
}
