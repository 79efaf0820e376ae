/** The services that the exchanges of one isolate share. Types only. */
import type { Resolve } from '../../catalog/resolve/resolver.ts'
import type { BoundedCache } from '../../platform/bounded-cache.ts'
import type { Fetch } from '../../platform/fetch.ts'
import type { CachedListing } from '../../server-tools/mcp/listing.ts'
import type { Authorize } from '../../upstream/auth/credential.ts'
import type { GatewayWatch } from '../alerts.ts'
import type { CachedPrompts } from '../metering/cached-prompts.ts'
import type { LearnedAdjustments } from '../policy/adjustments.ts'
import type { Cooldowns } from '../policy/cooldown.ts'
import type { LongBodies } from './long-bodies.ts'
import type { PromptPrints } from './prompt-prints.ts'

/** What all exchanges of an isolate share: caches, cooldowns, and the sources of time, ids and network. */
export interface Services {
  /** Sends requests to upstreams. */
  fetch: Fetch
  /** Returns the time in epoch milliseconds. */
  now: () => number
  /** Returns a new id: the prefix and at least 20 random `[a-zA-Z0-9]`. */
  newId: (prefix: string) => string
  authorize: Authorize
  resolve: Resolve
  cooldowns: Cooldowns
  adjustments: LearnedAdjustments
  cachedPrompts: CachedPrompts
  promptPrints: PromptPrints
  mcpListings: BoundedCache<CachedListing>
  gatewayWatch: GatewayWatch
  longBodies: LongBodies
}
