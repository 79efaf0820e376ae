/**
 * Handles `GET /v1/organizations/usage_report/messages` and `/cost_report`, from the ledgers of all
 * keys.
 */
import type { Context } from 'hono'
import * as z from 'zod/mini'

import { GatewayError } from '../../../anthropic/error.ts'
import { parseRequest } from '../../../anthropic/request/request.ts'
import { listGroups } from '../../../keys/groups/store.ts'
import { listKeys, readIdentity } from '../../../keys/store.ts'
import { toGroupLedger } from '../../../ledger/ledger-name.ts'
import type { Span } from '../../../ledger/usage/read-usage.ts'
import type { Buckets, Grouping, KeyRows } from '../../../ledger/usage/report.ts'
import {
  groupings,
  toCostBuckets,
  toDecimal,
  toUsageBuckets,
} from '../../../ledger/usage/report.ts'
import { lazySchema } from '../../../platform/lazy-schema.ts'
import { mapInParts } from '../../../platform/map-in-parts.ts'
import type { AppEnv } from '../../env.ts'

const hourMs = 3_600_000

const widths = {
  '1h': { hours: 1, usual: 24, most: 168 },
  '1d': { hours: 24, usual: 7, most: 31 },
} as const

/** The number of ledgers that are read in parallel. */
const fanOut = 50

const query = lazySchema(() =>
  z.object({
    starting_at: z.iso.datetime({ offset: true }),
    ending_at: z.optional(z.iso.datetime({ offset: true })),
    bucket_width: z._default(z.enum(['1h', '1d']), '1d'),
    limit: z.optional(z.coerce.number().check(z.int(), z.minimum(1))),
    /** The start of the first bucket, as in `next_page`. */
    page: z.optional(z.coerce.number().check(z.int(), z.gte(0))),
  }),
)

/**
 * Creates the handler of the usage report, in tokens. A `bucket_width` of `1m` is not supported.
 */
export async function answerUsageReport(c: Context<AppEnv>): Promise<Response> {
  return report(c, toUsageBuckets)
}

/** Creates the handler of the cost report, in dollars. */
export async function answerCostReport(c: Context<AppEnv>): Promise<Response> {
  return report(c, toCostBuckets)
}

/**
 * Handles `GET /v1/organizations/api_keys/{id}/sessions`: returns the latest sessions and agents of
 * a key.
 */
export async function answerSessions(c: Context<AppEnv>): Promise<Response> {
  const id = c.req.param('id') ?? ''
  // The first call to an object creates it, which must not happen for an unknown id.
  if ((await readIdentity(c.get('config').keys, id)) === undefined) {
    throw new GatewayError({ kind: 'not_found', message: `api_key: ${id}` })
  }
  return listSessions(c, id)
}

/** Handles `GET /v1/organizations/api_keys/me/usage_report`: the usage report of the calling key alone. */
export async function answerOwnUsage(c: Context<AppEnv>): Promise<Response> {
  return report(c, toUsageBuckets, [c.get('key').id])
}

/** Handles `GET /v1/organizations/api_keys/me/sessions`. */
export async function answerOwnSessions(c: Context<AppEnv>): Promise<Response> {
  return listSessions(c, c.get('key').id)
}

async function listSessions(c: Context<AppEnv>, id: string): Promise<Response> {
  const rows = await requireLedgers(c).getByName(id).sessions(1000)
  return c.json({
    data: rows.map(({ session, agent, firstAt, lastAt, requests, input, output, cost }) => ({
      session_id: session,
      agent_id: agent === '' ? null : agent,
      first_at: new Date(firstAt).toISOString(),
      last_at: new Date(lastAt).toISOString(),
      requests,
      input_tokens: input,
      output_tokens: output,
      cost_usd: toDecimal(cost, 9),
    })),
  })
}

/** `ids`: the keys that the report is about; undefined for those that the request names, or all. */
async function report(
  c: Context<AppEnv>,
  toBuckets: (keys: readonly KeyRows[], buckets: Buckets) => object[],
  ids?: readonly string[],
): Promise<Response> {
  const parameters = parseRequest(query, c.req.query())
  const borders = toBorders(parameters, c.get('now')())
  const next = borders.hasMore ? (borders.all.at(-1) ?? null) : null
  const models = c.req.queries('models[]') ?? c.req.queries('models')
  const span = {
    from: borders.all[0] ?? 0,
    to: borders.all.at(-1) ?? 0,
    hoursPerRow: widths[parameters.bucket_width].hours,
  }
  const keys = await (ids === undefined ? readAll(c, span) : readKeys(c, ids, span))
  const groups = c.req.queries('workspace_ids[]') ?? c.req.queries('group_ids[]')
  const wanted = keys.map(({ keyId, rows }) => ({
    keyId,
    rows: rows.filter(
      ({ model, group }) =>
        (models === undefined || models.includes(model)) &&
        (groups === undefined || groups.includes(group)),
    ),
  }))
  const data = toBuckets(wanted, { borders: borders.all, groupBy: toGroupings(c) })
  return c.json({ data, has_more: next !== null, next_page: next === null ? null : String(next) })
}

/** The starts of all buckets of a page, and the end of the last one. */
function toBorders(
  { starting_at, ending_at, bucket_width, limit, page }: z.infer<typeof query>,
  now: number,
): { all: number[]; hasMore: boolean } {
  const { hours, usual, most } = widths[bucket_width]
  const floor = (at: number): number => Math.floor(at / hourMs / hours) * hours
  const end = Math.ceil((ending_at === undefined ? now : Date.parse(ending_at)) / hourMs / hours)
  const first = page === undefined ? floor(Date.parse(starting_at)) : floor(page * hourMs)
  const count = Math.min(limit ?? usual, most)
  const last = Math.min(end * hours, first + count * hours)
  const all: number[] = []
  for (let border = first; border <= last; border += hours) {
    all.push(border)
  }
  return { all, hasMore: last < end * hours }
}

/** Other names of dimensions. */
const ownNames: Readonly<Record<string, Grouping>> = {
  description: 'model',
  group_id: 'workspace_id',
}

/** The dimensions to group by. Anthropic's other dimensions are accepted, and are null in the report. */
function toGroupings(c: Context<AppEnv>): Set<Grouping> {
  const requested = c.req.queries('group_by[]') ?? c.req.queries('group_by') ?? []
  const named = new Set(requested.map((name) => ownNames[name] ?? name))
  return new Set(groupings.filter((grouping) => named.has(grouping)))
}

async function readKeys(
  c: Context<AppEnv>,
  ids: readonly string[],
  span: Span,
): Promise<KeyRows[]> {
  const ledgers = requireLedgers(c)
  return mapInParts(ids, fanOut, async (id) => ({
    keyId: id,
    rows: await ledgers.getByName(id).usage(span),
  }))
}

async function readAll(c: Context<AppEnv>, span: Span): Promise<KeyRows[]> {
  const ledgers = requireLedgers(c)
  const requestedIds = c.req.queries('api_key_ids[]') ?? c.req.queries('api_key_ids')
  const { keys } = c.get('config')
  const [ids, groups] = await Promise.all([listKeys(keys), listGroups(keys)])
  const wanted = ids
    .map(({ id }) => id)
    .filter((id) => requestedIds === undefined || requestedIds.includes(id))
  const ofKeys = await readKeys(c, wanted, span)
  // Corrections of a group are of no key.
  const ofGroups = await mapInParts(
    requestedIds === undefined ? groups : [],
    fanOut,
    async ({ id }) => {
      const rows = await ledgers.getByName(toGroupLedger(id)).adjustedUsage(span)
      return { keyId: null, rows: rows.map((row) => ({ ...row, group: id })) }
    },
  )
  return [...ofKeys, ...ofGroups]
}

/** The ledgers. Throws a GatewayError `misconfigured` where the binding is missing. */
export function requireLedgers(c: Context<AppEnv>) {
  const { ledgers } = c.get('config')
  if (ledgers === undefined) {
    const message = 'Usage is not recorded: the Durable Object binding LEDGER is missing.'
    throw new GatewayError({ kind: 'misconfigured', message })
  }
  return ledgers
}
