/** The tools that the gateway runs itself, in the catalog and at a model. */
import * as z from 'zod/mini'

import { lazySchema } from '../../platform/lazy-schema.ts'
import { flag, positive, seconds, usd } from './values.ts'

/** Fields of both tools. */
const backEnd = {
  /** Name of the back end (docs/guides/web-search.md). */
  back_end: z.string(),
  /** Base URL of the back end (default: its public one). */
  base_url: z.optional(z.string()),
  /** Name of the Worker secret with the API key (default: by the back end); null for a back end without keys. */
  secret: z.nullish(z.string()),
  /** Price of 1,000 requests in USD (default: the list price). */
  price: z.optional(usd),
}

const webSearch = lazySchema(() =>
  z.strictObject({
    ...backEnd,
    /** Results of a search (default 8). */
    max_results: z.optional(positive),
    /** Characters of text that all results of a search have together (default 12,000). */
    max_characters: z.optional(positive),
  }),
)

const webFetch = lazySchema(() =>
  z.strictObject({
    ...backEnd,
    /** Greatest length of a page in bytes (default 2,000,000). */
    max_bytes: z.optional(positive),
    /** Characters of text that a page is cut to (default 100,000). */
    max_characters: z.optional(positive),
    /** Whether pages are left alone that `robots.txt` disallows (default false). */
    robots: flag,
  }),
)

const toolSearch = lazySchema(() =>
  z.union([
    z.literal(false),
    z.strictObject({
      /** Deferred tools from which they are searched instead of loaded (default 30). */
      min_tools: z.optional(positive),
    }),
  ]),
)

const mcp = lazySchema(() =>
  z.union([
    z.literal(false),
    z.strictObject({
      /** The only servers that clients may name, such as `https://mcp.example.com`; also local ones. Default: all public ones. */
      origins: z.optional(z.array(z.string().check(z.regex(/^https?:\/\/[^/\s@]+$/)))),
    }),
  ]),
)

/** The schema of the catalog's `server_tools`. */
export const serverToolsSchema = lazySchema(() =>
  z.strictObject({
    /** Web search. */
    web_search: z.optional(webSearch),
    /** Web fetch. */
    web_fetch: z.optional(webFetch),
    /** Search of deferred tools; false loads them all. */
    tool_search: z.optional(toolSearch),
    /** MCP servers that clients name (`mcp_servers`); false refuses them. */
    mcp: z.optional(mcp),
    /** Whether models may ask the advisor that a client names; its model is one of the catalog's (default true). */
    advisor: flag,
    /** Seconds after which an answer with tools pauses, instead of another model call (default 540). */
    max_seconds: z.optional(seconds),
    /** Requests to models, back ends and pages after which it pauses (default 900; 35 on the free plan of Workers). */
    max_subrequests: z.optional(positive),
  }),
)

/** The schema of a model's `server_tools`, where `false` switches a tool off. */
export const modelServerToolsSchema = lazySchema(() =>
  z.strictObject({
    /** Web search; false where the model is not to have it. */
    web_search: z.optional(z.union([z.literal(false), webSearch])),
    /** Web fetch; false where the model is not to have it. */
    web_fetch: z.optional(z.union([z.literal(false), webFetch])),
    /** Search of deferred tools; false loads them all. */
    tool_search: z.optional(toolSearch),
    /** MCP servers that clients name; false refuses them. */
    mcp: z.optional(mcp),
    /** Whether the model may ask the advisor that a client names (default true). */
    advisor: flag,
  }),
)
