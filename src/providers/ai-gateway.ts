/**
 * Cloudflare AI Gateway (https://developers.cloudflare.com/ai-gateway): an intermediary before a
 * provider that logs, limits and counts. Requests keep the provider's format and key; the URL and a
 * few headers change.
 */

/** The address of a provider at an AI gateway. */
export interface AiGateway {
  account: string
  gateway: string
  /** The provider's path at the gateway, with the rest of its base URL: `mistral/v1`. */
  path: string
}

/** Returns the URL that replaces the provider's base URL. */
export function aiGatewayUrl({ account, gateway, path }: AiGateway): string {
  const place = [account, gateway].map(encodeURIComponent).join('/')
  return `https://gateway.ai.cloudflare.com/v1/${place}/${path.replace(/^\/+/, '')}`
}

/** Headers that disable caching, since agents must not get answers to other requests. */
export const aiGatewayHeaders = { 'cf-aig-skip-cache': 'true' }

/**
 * Returns the headers of one request: the gateway's token, if it requires one, and the key's id as
 * metadata.
 */
export function aiGatewayRequestHeaders(
  token: string | undefined,
  keyId: string,
): Record<string, string> {
  return {
    ...(token === undefined ? {} : { 'cf-aig-authorization': `Bearer ${token}` }),
    'cf-aig-metadata': JSON.stringify({ key: keyId }),
  }
}
