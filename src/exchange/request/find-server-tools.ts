/** The server tools of a request. Their code is loaded only if a request has to do with them. */
import type { JsonObject } from '../../anthropic/json.ts'
import type { CatalogModel } from '../../catalog/schema/model.ts'
import { providerHosts, toServerToolSettings } from '../../catalog/server-tools.ts'
import type { LoadOptions } from '../../server-tools/load-server-tools.ts'
import type { ServerTools } from '../../server-tools/server-tools.ts'
import { namesMcpServers } from '../../server-tools/uses-server-tools.ts'
import type { ClientRequest, Origin } from './request.ts'
import type { Services } from './services.ts'

/** MCP servers are asked for their tools only with `mcp`. Throws as `loadServerTools` does. */
export async function findServerTools(
  { fetch, now }: Services,
  { url, catalog, config }: Origin,
  { json, model, mcp }: { json: JsonObject; model: CatalogModel } & { mcp?: LoadOptions['mcp'] },
): Promise<ServerTools> {
  const { loadServerTools } = await import('../../server-tools/load-server-tools.ts')
  const ownHosts = new Set([new URL(url).hostname, ...providerHosts(catalog)])
  const settings = toServerToolSettings(catalog, model)
  return loadServerTools(json, { settings, services: { fetch, now, ownHosts, ...config }, mcp })
}

/** The request with the tools of the MCP servers that it names, whose sessions end with the exchange. */
export async function withMcpServers(
  services: Services,
  request: ClientRequest,
): Promise<ClientRequest> {
  const { body, model, key, headers, client, exchange, waitUntil } = request
  if (!namesMcpServers(body.json)) {
    return request
  }
  const betas = headers.get('anthropic-beta') ?? ''
  const mcp = { keyId: key.id, betas, client, cache: services.mcpListings }
  const serverTools = await findServerTools(services, request, { json: body.json, model, mcp })
  waitUntil(exchange.over.then(() => serverTools.mcp?.close()))
  return { ...request, serverTools }
}
