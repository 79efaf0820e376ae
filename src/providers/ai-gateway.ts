/**
 * Cloudflare AI Gateway (https://developers.cloudflare.com/ai-gateway): not a provider but a way to
 * one, which logs, limits and counts. Requests keep the provider's own form and key; what changes is
 * the URL, and a few headers of the gateway's.
 */

/** Where it is, and what it wants to know, apart from the request. */
export interface AiGateway {
  account: string
  gateway: string
  /** The provider's place there, and what of its base URL follows: `mistral/v1`. */
  path: string
}

/** The URL that stands for the provider's base URL. */
export function aiGatewayUrl({ account, gateway, path }: AiGateway): string {
  const place = [account, gateway].map(encodeURIComponent).join('/')
  return `https://gateway.ai.cloudflare.com/v1/${place}/${path.replace(/^\/+/, '')}`
}

/** No two turns of an agent are alike, and an answer to another turn is a wrong one. */
export const aiGatewayHeaders = { 'cf-aig-skip-cache': 'true' }

/** What goes with one request: the gateway's own token, where it asks for one, and whose key it was. */
export function aiGatewayRequestHeaders(
  token: string | undefined,
  keyId: string,
): Record<string, string> {
  return {
    ...(token === undefined ? {} : { 'cf-aig-authorization': `Bearer ${token}` }),
    'cf-aig-metadata': JSON.stringify({ key: keyId }),
  }
}
