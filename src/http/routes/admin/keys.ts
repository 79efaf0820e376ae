/**
 * The endpoints for keys, as in Anthropic's Admin API; creating, rotating and revoking are
 * additions of the gateway.
 */
import type { Context } from 'hono'
import * as z from 'zod/mini'

import { GatewayError } from '../../../anthropic/error.ts'
import { parseRequest } from '../../../anthropic/request/request.ts'
import { readAudit } from '../../../keys/audit.ts'
import type { ChangedKey, Changing, KeyChange } from '../../../keys/change.ts'
import { changeKey, makeKey } from '../../../keys/change.ts'
import { keyInput } from '../../../keys/fields.ts'
import { hasBudget, needsLedger } from '../../../keys/limits.ts'
import type { KeyRecord } from '../../../keys/record.ts'
import { listKeys, readIdentity, showKey } from '../../../keys/store.ts'
import { toKeyView, toListView } from '../../../keys/view.ts'
import { withWriteRetries } from '../../../keys/write-retries.ts'
import type { BudgetView } from '../../../ledger/usage/standing.ts'
import { toBudgetView, toOpenRequestView } from '../../../ledger/usage/standing.ts'
import { readBody } from '../../body.ts'
import type { AppEnv } from '../../env.ts'
import { toApiKey, toStatus } from './api-key.ts'

type Handler = (c: Context<AppEnv>) => Promise<Response>

/** The maximal page size, below Anthropic's since the ledger of each key on a page is read. */
const maxPage = 100

const page = z.lazy(() =>
  z.object({
    limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1000)), 20),
    after_id: z.optional(z.string()),
    before_id: z.optional(z.string()),
    status: z.optional(z.enum(['active', 'inactive', 'archived', 'expired'])),
  }),
)

/** Handles `GET /v1/organizations/api_keys`. */
export function answerKeys(now: () => number): Handler {
  return async function getKeys(c) {
    const asked = parseRequest(page, c.req.query())
    const all = await listKeys(c.get('config').keys)
    const fitting = all.filter(
      (key) => asked.status === undefined || toStatus(key, now()) === asked.status,
    )
    const { keys, hasMore } = cutPage(fitting, asked)
    const data = keys.map(async (key) => {
      const lastUsed = await readLastUsed(c, key.id)
      return toApiKey(toListView(key, lastUsed, now()), now())
    })
    return c.json({
      data: await Promise.all(data),
      has_more: hasMore,
      first_id: keys[0]?.id ?? null,
      last_id: keys.at(-1)?.id ?? null,
    })
  }
}

function cutPage<Key extends { id: string }>(
  all: readonly Key[],
  { limit, after_id: after, before_id: before }: z.infer<typeof page>,
): { keys: Key[]; hasMore: boolean } {
  const size = Math.min(limit, maxPage)
  if (before !== undefined) {
    const end = all.findIndex(({ id }) => id === before)
    const start = Math.max(0, end - size)
    return { keys: all.slice(start, Math.max(0, end)), hasMore: start > 0 }
  }
  const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1
  return { keys: all.slice(start, start + size), hasMore: start + size < all.length }
}

/** Handles `GET /v1/organizations/api_keys/{id}`. */
export function answerKey(now: () => number): Handler {
  return async function getKey(c) {
    const id = c.req.param('id') ?? ''
    const records = await showKey(c.get('config').keys, id)
    const newest = records?.at(-1)
    const more = newest === undefined ? {} : await readStanding(c, newest)
    return respond(c, id, { records, more }, now())
  }
}

/** Handles `GET /v1/organizations/api_keys/me`: returns the requesting key to its holder. */
export function answerOwnKey(now: () => number): Handler {
  return async function getOwnKey(c) {
    const key = c.get('key')
    const view = toKeyView([key], {}, now())
    const budgets = await readBudgets(c, key)
    return c.json({ ...(view && toApiKey(view, now())), budgets })
  }
}

/**
 * Handles `POST /v1/organizations/api_keys/{id}/release`: ends requests in flight that a crash left
 * open.
 */
export async function releaseRequests(c: Context<AppEnv>): Promise<Response> {
  const { ledgers, keys } = c.get('config')
  const id = c.req.param('id') ?? ''
  if (ledgers === undefined || (await readIdentity(keys, id)) === undefined) {
    throw new GatewayError({ kind: 'not_found', message: `api_key: ${id}` })
  }
  return c.json({ released: await ledgers.getByName(id).release() })
}

/**
 * Handles `POST /v1/organizations/api_keys`: returns the new key as `key`, which is shown only
 * once.
 */
export function createAdminKey(now: () => number): Handler {
  return async function postKey(c) {
    const { json } = await readBody(c.req.raw)
    const { name, ...input } = parseRequest(z.extend(keyInput, { name: nameOfKey }), json)
    const made = await makeKey(
      withWriteRetries(c.get('config').keys),
      { ...input, name },
      { now: new Date(now()), actor: actorOf(c) },
    )
    const { records, key } = requireChanged(made)
    return respond(c, records[0]?.id ?? '', { records, key, status: 201 }, now())
  }
}

const nameOfKey = z.string().check(z.minLength(1), z.maxLength(100))

const statusOf = { active: 'active', inactive: 'disabled', archived: undefined } as const

const update = z.lazy(() =>
  z.extend(keyInput, {
    status: z.optional(z.nullable(z.enum(['active', 'inactive', 'archived']))),
    name: z.optional(z.nullable(nameOfKey)),
  }),
)

/** Handles `POST /v1/organizations/api_keys/{id}`: `status: archived` revokes the key. */
export function updateKey(now: () => number): Handler {
  return async function postUpdate(c) {
    const { json } = await readBody(c.req.raw)
    const { status, name, ...rest } = parseRequest(update, json)
    const fields = typeof name === 'string' ? { ...rest, name } : rest
    if (status === 'archived') {
      return change(c, { type: 'revoke' }, now)
    }
    const set = status === null || status === undefined ? undefined : statusOf[status]
    return change(c, { type: 'update', fields, ...(set === undefined ? {} : { status: set }) }, now)
  }
}

const rotation = z.strictObject({
  /** How long the current secrets remain valid, in seconds. */
  grace_seconds: z._default(z.number().check(z.int(), z.gte(0), z.lte(90 * 86_400)), 0),
  /** Whether to rotate even a key that is disabled or has expired, whose new secret is rejected. */
  force: z._default(z.boolean(), false),
})

/**
 * Handles `POST /v1/organizations/api_keys/{id}/rotate`: returns the new key as `key`, which is
 * shown only once.
 */
export function rotateKey(now: () => number): Handler {
  return async function postRotate(c) {
    const { grace_seconds: grace, force } = parseRequest(rotation, await readOptionalBody(c))
    return change(c, { type: 'rotate', graceMs: grace * 1000, force }, now)
  }
}

/** Handles `POST /v1/organizations/api_keys/{id}/revoke`. */
export function revokeKey(now: () => number): Handler {
  return (c) => change(c, { type: 'revoke' }, now)
}

/**
 * Handles `GET /v1/organizations/api_keys/{id}/audit`: returns who changed the key, how and when.
 */
export async function answerAudit(c: Context<AppEnv>): Promise<Response> {
  return c.json({ data: await readAudit(c.get('config').keys, c.req.param('id') ?? '') })
}

async function readOptionalBody(c: Context<AppEnv>): Promise<object> {
  const isEmpty = c.req.header('content-length') === '0' || c.req.raw.body === null
  return isEmpty ? {} : (await readBody(c.req.raw)).json
}

/** Changes a key through its ledger, which serializes changes and applies them immediately. */
async function change(
  c: Context<AppEnv>,
  changing: Changing,
  now: () => number,
): Promise<Response> {
  const { ledgers, keys } = c.get('config')
  const id = c.req.param('id') ?? ''
  if ((await readIdentity(keys, id)) === undefined) {
    throw new GatewayError({ kind: 'not_found', message: `api_key: ${id}` })
  }
  const asked: KeyChange = { ...changing, id, actor: actorOf(c) }
  const changed =
    ledgers === undefined
      ? await changeKey(withWriteRetries(keys), asked, { now: new Date(now()) })
      : await ledgers.getByName(id).change(asked)
  return respond(c, id, changed === undefined ? {} : requireChanged(changed), now())
}

function requireChanged(changed: ChangedKey): Extract<ChangedKey, { records: unknown }> {
  if ('fault' in changed) {
    throw new GatewayError({ kind: 'invalid_request', message: changed.fault })
  }
  return changed
}

interface KeyResponse {
  records?: readonly KeyRecord[] | undefined
  /** The new key, which is returned only once. */
  key?: string | undefined
  status?: 201
  /** Fields in addition to the key's. */
  more?: object
}

async function respond(
  c: Context<AppEnv>,
  id: string,
  { records = [], key, status, more = {} }: KeyResponse,
  now: number,
): Promise<Response> {
  const view = toKeyView(records, records.length === 0 ? {} : await readLastUsed(c, id), now)
  if (view === undefined) {
    throw new GatewayError({ kind: 'not_found', message: `api_key: ${id}` })
  }
  const told = { ...toApiKey(view, now), ...more }
  return c.json(key === undefined ? told : { ...told, key }, status ?? 200)
}

/** Reads the budgets and open requests of a key from its ledger. */
async function readStanding(c: Context<AppEnv>, key: KeyRecord): Promise<object> {
  const ledger = c.get('config').ledgers?.getByName(key.id)
  const open = needsLedger(key.limits) ? await ledger?.open() : undefined
  return {
    budgets: await readBudgets(c, key),
    open_requests: (open ?? []).map(toOpenRequestView),
  }
}

async function readBudgets(c: Context<AppEnv>, { id, limits }: KeyRecord): Promise<BudgetView[]> {
  const { ledgers } = c.get('config')
  const standings = hasBudget(limits) ? await ledgers?.getByName(id).budgets(limits) : undefined
  return (standings ?? []).map(toBudgetView)
}

/**
 * Reads when each secret was last used; empty if the ledger is unavailable, since it is optional.
 */
async function readLastUsed(c: Context<AppEnv>, id: string): Promise<Record<string, number>> {
  try {
    return (await c.get('config').ledgers?.getByName(id).lastUsed()) ?? {}
  } catch {
    return {}
  }
}

function actorOf(c: Context<AppEnv>): string {
  return `key:${c.get('key').id}`
}
