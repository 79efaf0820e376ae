/**
 * The URLs that may be fetched at all, by their text alone: pages of public hosts. What the host resolves to
 * is checked by {@link resolvesToPublic}. Pure.
 */
import type { WebFetchError } from '../../anthropic/answer/wire/server-tools.ts'

/** Anthropic's limit (https://docs.claude.com/en/docs/agents-and-tools/tool-use/web-fetch-tool). */
const maxCharacters = 250

/** Top-level names that are not on the public internet (RFC 6761, RFC 6762, RFC 7686, RFC 8375, and .internal). */
const localNames = new Set([
  'alt',
  'arpa',
  'corp',
  'home',
  'internal',
  'intranet',
  'invalid',
  'lan',
  'local',
  'localdomain',
  'localhost',
  'mail',
  'onion',
  'private',
  'test',
])

const allowedPorts = new Set(['', '80', '443'])

/** A URL that may be fetched, or Anthropic's code for why it may not. */
export type GuardedUrl = { url: URL } | { error: WebFetchError }

/** `ownHosts`: of the gateway and its providers, where its keys would travel or a request would go in circles. */
export function guardUrl(text: string, ownHosts: ReadonlySet<string>): GuardedUrl {
  if (text.length > maxCharacters) {
    return { error: 'url_too_long' }
  }
  const url = URL.parse(text)
  if (url === null) {
    return { error: 'invalid_tool_input' }
  }
  return isPublicUrl(url, ownHosts) ? { url } : { error: 'url_not_allowed' }
}

/** Whether a URL may be on the public internet. `ownHosts`: as for {@link guardUrl}. */
export function isPublicUrl(url: URL, ownHosts: ReadonlySet<string>): boolean {
  const host = toHost(url)
  return (
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.username === '' &&
    url.password === '' &&
    allowedPorts.has(url.port) &&
    isPublicName(host) &&
    !ownHosts.has(host)
  )
}

/** The host without the dot that marks it as complete. */
export function toHost({ hostname }: URL): string {
  return hostname.replace(/\.$/, '')
}

/** Addresses have no name: the URL parser has turned every notation of IPv4 into dotted decimals, IPv6 has brackets. */
function isPublicName(host: string): boolean {
  const labels = host.split('.')
  const last = labels.at(-1) ?? ''
  return (
    labels.length >= 2 &&
    labels.every((label) => label !== '') &&
    /^[a-z][a-z0-9-]*$/.test(last) &&
    !localNames.has(last)
  )
}
