/** The URLs of MCP servers that may be called: public ones over https, or those that the operator allows. Pure. */
import { asString } from '../../anthropic/json.ts'
import { isPublicUrl } from '../fetch/url-guard.ts'
import type { McpSettings } from '../settings.ts'

const maxCharacters = 2048

/** `ownHosts`: as for {@link isPublicUrl}. */
export function readServerUrl(
  value: unknown,
  { settings: { origins }, ownHosts }: { settings: McpSettings; ownHosts: ReadonlySet<string> },
): { url: URL } | { problem: string } {
  const text = asString(value) ?? ''
  const url = text.length > maxCharacters ? null : URL.parse(text)
  if (url === null) {
    return { problem: `a valid URL of at most ${maxCharacters} characters is expected` }
  }
  if (url.username !== '' || url.password !== '') {
    return { problem: 'credentials belong in authorization_token' }
  }
  if (origins !== undefined) {
    return isAllowedOrigin(url, origins)
      ? { url }
      : { problem: 'this gateway does not allow MCP servers of this origin' }
  }
  if (url.protocol !== 'https:') {
    return { problem: 'URL must use https' }
  }
  return isPublicUrl(url, ownHosts) ? { url } : { problem: 'the server must be publicly reachable' }
}

function isAllowedOrigin(url: URL, origins: readonly string[]): boolean {
  return origins.some((origin) => URL.parse(origin)?.origin === url.origin)
}
