/** The tools of MCP servers: pinned by the request, listed in its conversation, cached, or asked for. */
import type { McpListedTool } from '../../anthropic/answer/wire/server-tools.ts'
import { asArray, parseJson } from '../../anthropic/json.ts'
import type { BoundedCache } from '../../platform/bounded-cache.ts'
import { sha256 } from '../../platform/sha256.ts'
import { blocksOf } from '../history/read-blocks.ts'
import type { McpConnection } from './connection.ts'
import { masked } from './masked.ts'
import type { McpServer, McpToolset } from './toolset.ts'
import { readListing } from './toolset.ts'

/** The tools of one server, as one key got them. */
export interface CachedListing {
  /** JSON, since it takes a fraction of the objects. */
  json: string
  /** Epoch milliseconds. */
  expiresAt: number
}

const maxAgeMs = 5 * 60_000
const maxCachedCharacters = 128 * 1024

/** The places in which a listing may already be: the conversation, and the isolate's cache. */
export interface ListingContext {
  messages: readonly unknown[]
  /** The id of the key, since what a server lists may depend on who asks. */
  keyId: string
  cache: BoundedCache<CachedListing>
  now: () => number
}

/** The tools of one MCP server; `isKnown` means that the conversation has them already. */
export interface Listing {
  tools: McpListedTool[]
  /** Whether the client has it already. */
  isKnown: boolean
}

/** Rejects with an `McpFailure` where the server is asked and does not answer. */
export async function listTools(
  toolset: McpToolset,
  connection: McpConnection,
  { signal, ...context }: ListingContext & { signal: AbortSignal },
): Promise<Listing> {
  const { server, pinned } = toolset
  const known = pinned ?? findInConversation(context.messages, server)
  if (known !== undefined) {
    return { tools: known, isKnown: true }
  }
  const { cache, now } = context
  const key = await toCacheKey(context.keyId, server)
  const cached = cache.get(key)
  if (cached !== undefined && now() < cached.expiresAt) {
    return { tools: readListing(asArray(parseJson(cached.json))), isKnown: false }
  }
  const json = masked(JSON.stringify(await connection.list(signal)), server.token)
  if (json.length <= maxCachedCharacters) {
    cache.set(key, { json, expiresAt: now() + maxAgeMs })
  }
  return { tools: readListing(asArray(parseJson(json))), isKnown: false }
}

/** The newest listing that an answer of the conversation had. */
function findInConversation(
  messages: readonly unknown[],
  { name }: McpServer,
): McpListedTool[] | undefined {
  const block = messages
    .flatMap(blocksOf)
    .findLast(({ type, mcp_server_name: of }) => type === 'mcp_tool_listing' && of === name)
  return block === undefined ? undefined : readListing(asArray(block['tools']))
}

/** A hash, so that no token is kept. */
function toCacheKey(keyId: string, { url, token }: McpServer): Promise<string> {
  return sha256(JSON.stringify([keyId, url.href, token]))
}
