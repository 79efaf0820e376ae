/**
 * A name for one conversation that may be shown to a provider: prompt caches are kept by it. What the
 * client sent is hashed, since Claude Code puts device and account ids there.
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, asString } from '../../anthropic/json.ts'
import { toHex } from '../../platform/bytes.ts'

/**
 * The name of a conversation: 32 hex characters, different for each of the gateway's keys. Undefined
 * where the client named neither a session nor a user.
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
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${keyId}\n${name}`))
  return toHex(new Uint8Array(hash, 0, 16))
}
