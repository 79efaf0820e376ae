/** The server tools that the gateway runs for a model: its own settings over the catalog's. */
import type { ServerToolSettings } from '../server-tools/settings.ts'
import type { Catalog } from './schema/catalog.ts'
import type { CatalogModel } from './schema/model.ts'

/**
 * The settings for a model; undefined if there are none. `false` at the model overrides the
 * catalog's.
 */
export function toServerToolSettings(
  { server_tools: shared }: Pick<Catalog, 'server_tools'>,
  { server_tools: own }: Pick<CatalogModel, 'server_tools'>,
): ServerToolSettings | undefined {
  return shared === undefined && own === undefined ? undefined : merge(own ?? {}, shared ?? {})
}

function merge(
  own: NonNullable<CatalogModel['server_tools']>,
  shared: NonNullable<Catalog['server_tools']>,
): ServerToolSettings {
  return {
    ...toSearch(own.web_search, shared.web_search),
    web_fetch: toTool(own.web_fetch, shared.web_fetch),
    tool_search: own.tool_search ?? shared.tool_search,
    advisor: own.advisor ?? shared.advisor,
    mcp: own.mcp ?? shared.mcp,
    max_seconds: shared.max_seconds,
    max_subrequests: shared.max_subrequests,
  }
}

type Search = ServerToolSettings['web_search']

/** A model whose provider is to search has the catalog's back end beside it. */
function toSearch(
  own: Search | false,
  shared: Search,
): Pick<ServerToolSettings, 'web_search' | 'native_search'> {
  const search = toTool(own, shared)
  if (search?.back_end !== nativeBackEnd) {
    return { web_search: search }
  }
  const isShared = shared?.back_end === nativeBackEnd
  return { web_search: isShared ? undefined : shared, native_search: true }
}

/** The name of the back end for the search of the model's own provider. */
export const nativeBackEnd = 'native'

/** Hosts of providers that the catalog itself names. */
export function providerHosts({ providers }: Pick<Catalog, 'providers'>): string[] {
  return Object.values(providers).flatMap(({ base_url: url }) => {
    const host = url === undefined ? undefined : URL.parse(url)?.hostname
    return host === undefined ? [] : [host]
  })
}

function toTool<Settings>(
  own: Settings | false | undefined,
  shared: Settings | undefined,
): Settings | undefined {
  return own === false ? undefined : (own ?? shared)
}
