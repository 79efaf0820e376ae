/** `/v1/organizations/requests`: the latest log lines, listed or as they come. */
import type { Context } from 'hono'
import * as z from 'zod/mini'

import { GatewayError } from '../../../anthropic/error.ts'
import { parseRequest } from '../../../anthropic/request/request.ts'
import type { LiveLogNamespace } from '../../../live-log/feed.ts'
import { listLines, watchLines } from '../../../live-log/feed.ts'
import type { LineFilter } from '../../../live-log/line.ts'
import { toLineView } from '../../../live-log/line.ts'
import { lazySchema } from '../../../platform/lazy-schema.ts'
import type { AppEnv } from '../../env.ts'

const query = lazySchema(() =>
  z.object({
    limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(500)), 100),
    after_id: z.optional(z.coerce.number().check(z.int())),
    api_key_id: z.optional(z.string()),
    status: z.optional(z.string()),
    q: z.optional(z.string()),
  }),
)

/** `GET /v1/organizations/requests`: the latest first. */
export async function answerRequests(c: Context<AppEnv>): Promise<Response> {
  return list(c, {})
}

/** `GET /v1/organizations/api_keys/me/requests`: those of the calling key. Empty where the log is off. */
export async function answerOwnRequests(c: Context<AppEnv>): Promise<Response> {
  return c.get('config').liveLog === undefined
    ? c.json({ data: [] })
    : list(c, { key: c.get('key').id })
}

/** `GET /v1/organizations/requests/stream`: server-sent events. `Last-Event-ID` resumes a stream. */
export async function answerRequestStream(c: Context<AppEnv>): Promise<Response> {
  const { filter } = readFilter(c, {})
  const last = Number(c.req.header('last-event-id') ?? Number.NaN)
  const after = Number.isNaN(last) ? filter.after : last
  const stream = await watchLines(requireLog(c), { ...filter, after })
  return c.body(stream, 200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
}

async function list(c: Context<AppEnv>, own: Partial<LineFilter>): Promise<Response> {
  const { filter, limit } = readFilter(c, own)
  const lines = await listLines(requireLog(c), filter, limit)
  return c.json({ data: lines.map(toLineView) })
}

function readFilter(
  c: Context<AppEnv>,
  own: Partial<LineFilter>,
): { filter: LineFilter; limit: number } {
  const {
    limit,
    after_id: after,
    api_key_id: key,
    status,
    q: text,
  } = parseRequest(query, c.req.query())
  return { filter: { after, key, status, text, ...own }, limit }
}

function requireLog(c: Context<AppEnv>): LiveLogNamespace {
  const { liveLog } = c.get('config')
  if (liveLog === undefined) {
    const message =
      'Requests are not recorded: set the variable CONSOLE_LOG to "on" in wrangler.toml, and deploy.'
    throw new GatewayError({ kind: 'not_found', message })
  }
  return liveLog
}
