/** The client's web search as the provider's own tool. */
import type { JsonObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import type { DialectTarget, NativeSearch } from '../../dialect.ts'
import type { WebSearchOffer } from '../../web-search.ts'
import { atPath, deepMerge } from '../conversation/deep-merge.ts'
import type { SearchQuirk } from './search-quirks.ts'

type Search = NonNullable<SearchQuirk>
type Hosts = Search['allowed_hosts']

/** The search that a target has; undefined if it has none. */
export function toNativeSearch({
  quirks: { web_search: search },
}: DialectTarget<{ web_search: SearchQuirk }>): NativeSearch | undefined {
  return search === null
    ? undefined
    : {
        price: search.price,
        takes: ({ allowedHosts, blockedHosts }, hasFunctions) =>
          (search.with_functions || !hasFunctions) &&
          takesHosts(search.allowed_hosts, allowedHosts) &&
          takesHosts(search.blocked_hosts, blockedHosts),
      }
}

/** What a request has of a search that the provider runs. */
export interface SearchPlan {
  /** Entries of `tools`. */
  tools: readonly JsonObject[]
  /** Instructions for the system text. */
  hints: readonly string[]
  /** Values of `include`. */
  include: readonly string[]
}

const none: SearchPlan = { tools: [], hints: [], include: [] }

/** Plans the search that a request offers. Reports what the provider's tool cannot carry. */
export function planSearch(
  search: SearchQuirk,
  offer: WebSearchOffer | undefined,
  report: Report,
): SearchPlan {
  if (search === null || offer === undefined) {
    return none
  }
  if (offer.isForced) {
    // Providers have no other word for it.
    report.map('tool_choice', 'system text')
  }
  return {
    tools: [toTool(search, offer, report)],
    hints: offer.isForced ? ['You must search the web before you answer.'] : [],
    include: search.include ?? [],
  }
}

function toTool({ tool, ...fields }: Search, offer: WebSearchOffer, report: Report): JsonObject {
  const { location, maxUses, path } = offer
  const layers = [
    toHosts(fields.allowed_hosts, offer.allowedHosts),
    toHosts(fields.blocked_hosts, offer.blockedHosts),
  ]
  if (location !== undefined && fields.location !== undefined) {
    layers.push(atPath(fields.location, { type: 'approximate', ...location }))
  } else if (location !== undefined) {
    report.drop(`${path}.user_location`)
  }
  if (maxUses !== undefined && fields.max_uses !== undefined) {
    layers.push(atPath(fields.max_uses, maxUses))
  } else if (maxUses !== undefined) {
    report.drop(`${path}.max_uses`)
  }
  return layers.reduce(deepMerge, tool)
}

function takesHosts(field: Hosts, hosts: readonly string[]): boolean {
  return hosts.length === 0 || (field !== undefined && hosts.length <= (field.most ?? Infinity))
}

function toHosts(field: Hosts, hosts: readonly string[]): JsonObject {
  return field === undefined || hosts.length === 0
    ? {}
    : atPath(
        field.path,
        hosts.map((host) => `${field.prefix ?? ''}${host}`),
      )
}
