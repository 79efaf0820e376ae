/**
 * The endpoints for keys, as in Anthropic's Admin API; creating, rotating and revoking are
 * additions of the gateway.
 */
import type { Context } from 'hono'
import * as z from 'zod/mini'

import { parseRequest } from '../../../../anthropic/request/request.ts'
import { listAllowedModels } from '../../../../catalog/models-list.ts'
import { readAudit } from '../../../../keys/audit.ts'
import type { KeyOperation, KeyChange } from '../../../../keys/change.ts'
import { changeKey, makeKey } from '../../../../keys/change.ts'
import { keyInput } from '../../../../keys/fields.ts'
import type { KeyRecord } from '../../../../keys/record.ts'
import { mayUseModels } from '../../../../keys/record.ts'
import { listKeys, readIdentity, showKey } from '../../../../keys/store.ts'
import type { LastUsed } from '../../../../keys/view.ts'
import { toKeyView, toListView } from '../../../../keys/view.ts'
import { withWriteRetries } from '../../../../keys/write-retries.ts'
import { toAdjustmentView } from '../../../../ledger/usage/standing.ts'
import { lazySchema } from '../../../../platform/lazy-schema.ts'
import { readBody } from '../../../body.ts'
import type { AppEnv } from '../../../env.ts'
import { isAllowedFor } from '../../models.ts'
import { cutPage, pageQuery, toPage } from '../../page-query.ts'
import { actorOf, requireChanged } from '../changes.ts'
import { toApiKey, toStatus } from './api-key.ts'
import { unknownKey } from './holders.ts'
import { describeGroupOf, readStanding, warnUnpriced } from './standing.ts'

const listQuery = lazySchema(() =>
  z.extend(pageQuery, {
    status: z.optional(z.enum(['active', 'inactive', 'archived', 'expired'])),
    /** Keys of one group. Anthropic's name of it is accepted too. */
    group_id: z.optional(z.string()),
    workspace_id: z.optional(z.string()),
  }),
)

/** Handles `GET /v1/organizations/api_keys`. */
export async function answerKeys(c: Context<AppEnv>): Promise<Response> {
  const { keys, ledgers } = c.get('config')
  const query = parseRequest(listQuery, c.req.query())
  const { status, group_id: group = query.workspace_id } = query
  const fitting = (await listKeys(keys)).filter(
    (key) =>
      (status === undefined || toStatus(key, c.get('now')()) === status) &&
      (group === undefined || key.group_id === group),
  )
  const { items, hasMore } = cutPage(fitting, query)
  const data = items.map(async (key) => {
    const records = ledgers === undefined ? [] : await showKey(keys, key.id)
    const limits = records?.at(-1)?.limits ?? {}
    const { lastUsed, budgets } = await readStanding(c, key.id, limits)
    return { ...toApiKey(toListView(key, lastUsed, c.get('now')()), c.get('now')()), budgets }
  })
  return c.json(toPage(items, await Promise.all(data), hasMore))
}

/** Handles `GET /v1/organizations/api_keys/{id}`. */
export async function answerKey(c: Context<AppEnv>): Promise<Response> {
  const id = c.req.param('id') ?? ''
  const records = (await showKey(c.get('config').keys, id)) ?? []
  const { limits = {}, group_id: groupId } = records.at(-1) ?? {}
  const view = toKeyView(records, {}, c.get('now')())
  if (view === undefined) {
    throw unknownKey(id)
  }
  const [{ lastUsed, ...standing }, group, adjustments] = await Promise.all([
    readStanding(c, id, limits),
    describeGroupOf(c, groupId),
    c.get('config').ledgers?.getByName(id).adjustments(),
  ])
  const more = {
    ...standing,
    group,
    adjustments: (adjustments ?? []).map((entry) => toAdjustmentView(entry)),
  }
  return respond(c, { records, lastUsed, more })
}

/** `GET /v1/organizations/api_keys/me`: a key about itself and its group, for its holder. */
export async function answerOwnKey(c: Context<AppEnv>): Promise<Response> {
  const key = c.get('key')
  const { catalog } = await c.get('readCatalog')()
  const [{ budgets, lastUsed }, group] = await Promise.all([
    readStanding(c, key.id, key.limits),
    describeGroupOf(c, key.group_id),
  ])
  const view = toKeyView([key], lastUsed, c.get('now')())
  const available = listAllowedModels(catalog, isAllowedFor(c)).map(({ id }) => id)
  return c.json({
    ...(view && toApiKey(view, c.get('now')())),
    budgets,
    group,
    available_models: mayUseModels(key) ? available : [],
  })
}

/**
 * Handles `POST /v1/organizations/api_keys`: returns the new key as `key`, which is shown only
 * once.
 */
export async function createAdminKey(c: Context<AppEnv>): Promise<Response> {
  const { json } = await readBody(c.req.raw)
  const { name, ...input } = parseRequest(z.extend(keyInput, { name: nameOfKey }), json)
  const made = await makeKey(
    withWriteRetries(c.get('config').keys),
    { ...input, name },
    { now: new Date(c.get('now')()), actor: actorOf(c) },
  )
  const { records, key } = requireChanged(made)
  const more = await warnUnpriced(c, records.at(-1))
  return respond(c, { records, key, status: 201, more })
}

const nameOfKey = z.string().check(z.minLength(1), z.maxLength(100))

const statusOf = { active: 'active', inactive: 'disabled', archived: undefined } as const

const update = lazySchema(() =>
  z.extend(keyInput, {
    status: z.optional(z.nullable(z.enum(['active', 'inactive', 'archived']))),
    name: z.optional(z.nullable(nameOfKey)),
  }),
)

/** Handles `POST /v1/organizations/api_keys/{id}`: `status: archived` revokes the key. */
export async function updateKey(c: Context<AppEnv>): Promise<Response> {
  const { json } = await readBody(c.req.raw)
  const { status, name, ...rest } = parseRequest(update, json)
  const fields = typeof name === 'string' ? { ...rest, name } : rest
  if (status === 'archived') {
    return change(c, { type: 'revoke' })
  }
  const set = status === null || status === undefined ? undefined : statusOf[status]
  const operation = {
    type: 'update' as const,
    fields,
    ...(set === undefined ? {} : { status: set }),
  }
  return change(c, operation)
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
export async function rotateKey(c: Context<AppEnv>): Promise<Response> {
  const { grace_seconds: grace, force } = parseRequest(rotation, await readOptionalBody(c))
  return change(c, { type: 'rotate', graceMs: grace * 1000, force })
}

/** Handles `POST /v1/organizations/api_keys/{id}/revoke`. */
export async function revokeKey(c: Context<AppEnv>): Promise<Response> {
  return change(c, { type: 'revoke' })
}

/** The grace of a secret that its holder replaces, in seconds: clients can be changed one after the other. */
const ownGraceSeconds = 86_400

/** Handles `POST /v1/organizations/api_keys/me/rotate`: a new secret for the holder of a key, by the holder. */
export async function rotateOwnKey(c: Context<AppEnv>): Promise<Response> {
  return change(c, { type: 'rotate', graceMs: ownGraceSeconds * 1000 }, c.get('key').id)
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
  changing: KeyOperation,
  id = c.req.param('id') ?? '',
): Promise<Response> {
  const { ledgers, keys } = c.get('config')
  if ((await readIdentity(keys, id)) === undefined) {
    throw unknownKey(id)
  }
  const keyChange: KeyChange = { ...changing, id, actor: actorOf(c) }
  const changed =
    ledgers === undefined
      ? await changeKey(withWriteRetries(keys), keyChange, { now: new Date(c.get('now')()) })
      : await ledgers.getByName(id).change(keyChange)
  if (changed === undefined) {
    throw unknownKey(id)
  }
  const outcome = requireChanged(changed)
  const newest = outcome.records.at(-1)
  const { lastUsed } = await readStanding(c, id, newest?.limits ?? {})
  const more = changing.type === 'update' ? await warnUnpriced(c, newest) : {}
  return respond(c, { ...outcome, lastUsed, more })
}

interface KeyResponse {
  records: readonly KeyRecord[]
  lastUsed?: LastUsed
  /** The new key, which is returned only once. */
  key?: string | undefined
  status?: 201
  /** Fields in addition to the key's. */
  more?: object
}

function respond(
  c: Context<AppEnv>,
  { records, lastUsed = {}, key, status, more = {} }: KeyResponse,
): Response {
  const now = c.get('now')()
  const view = toKeyView(records, lastUsed, now)
  const shown = { ...(view && toApiKey(view, now)), ...more }
  return c.json(key === undefined ? shown : { ...shown, key }, status ?? 200)
}
