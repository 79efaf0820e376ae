/** The flag for a provider's own web search, in dialects whose providers may have one. */
import * as z from 'zod/mini'

function createHosts() {
  return z.strictObject({
    /** The path of the list in the entry, with dots. */
    path: z.string(),
    /** Greatest number of hosts. */
    most: z.optional(z.int()),
    /** What each host begins with. */
    prefix: z.optional(z.string()),
  })
}

function createSearch() {
  return z.strictObject({
    /** The entry of `tools`. */
    tool: z.record(z.string(), z.unknown()),
    /** List price of 1,000 searches in USD, for models whose price has no `web_search`. */
    price: z.number(),
    /** The path of the hosts that a search keeps to. */
    allowed_hosts: z.optional(createHosts()),
    /** The path of the hosts that a search leaves out. */
    blocked_hosts: z.optional(createHosts()),
    /** The path of the user's location in the entry. */
    location: z.optional(z.string()),
    /** The path of the greatest number of searches in the entry. */
    max_uses: z.optional(z.string()),
    /** Whether functions may be offered too. */
    with_functions: z.boolean(),
    /** Values of `include` that make the provider return what it found. */
    include: z.optional(z.array(z.string())),
  })
}

/** Web search by the provider. */
export function createSearchFlags() {
  return {
    /**
     * The provider's own web search, for `"back_end": "native"`; null where it has none: its entry of `tools`
     * (`tool`), its list price per 1,000 (`price`), where in the entry domain lists, location and the number of
     * searches go (`allowed_hosts`, `blocked_hosts`, `location`, `max_uses`), whether functions may stand beside
     * it (`with_functions`), and values of `include`.
     */
    web_search: z.nullable(createSearch()),
  }
}

/** The protocol of a provider's own web search. */
export type SearchQuirk = z.infer<ReturnType<typeof createSearchFlags>['web_search']>
