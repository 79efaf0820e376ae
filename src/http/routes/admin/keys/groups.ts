/** Groups of keys by HTTP. Anthropic's Admin API calls what is nearest to them workspaces. */
import type { Context } from 'hono'
import * as z from 'zod/mini'

import { parseRequest } from '../../../../anthropic/request/request.ts'
import { readAudit } from '../../../../keys/audit.ts'
import type { GroupOperation } from '../../../../keys/groups/change.ts'
import { changeGroup, groupInput, makeGroup, toAuditId } from '../../../../keys/groups/change.ts'
import type { GroupRecord } from '../../../../keys/groups/record.ts'
import { listGroups, readGroup } from '../../../../keys/groups/store.ts'
import { listKeys } from '../../../../keys/store.ts'
import { withWriteRetries } from '../../../../keys/write-retries.ts'
import { toGroupLedger } from '../../../../ledger/ledger-name.ts'
import { toAdjustmentView } from '../../../../ledger/usage/standing.ts'
import { lazySchema } from '../../../../platform/lazy-schema.ts'
import { readBody } from '../../../body.ts'
import type { AppEnv } from '../../../env.ts'
import { cutPage, pageQuery, toPage } from '../../page-query.ts'
import { actorOf, requireChanged } from '../changes.ts'
import { requireGroup } from './holders.ts'
import { readStanding, warnUnpriced } from './standing.ts'

/** `GET /v1/organizations/groups`: those that are not deleted; with `include_deleted=true` all. */
export async function answerGroups(c: Context<AppEnv>): Promise<Response> {
  const { keys } = c.get('config')
  const query = parseRequest(pageQuery, c.req.query())
  const all = await listGroups(keys)
  const isListed = c.req.query('include_deleted') === 'true' ? () => true : isNotDeleted
  const { items, hasMore } = cutPage(all.filter(isListed), query)
  const records = await Promise.all(items.map(({ id }) => readGroup(keys, id)))
  const data = records.flatMap((group) => (group === undefined ? [] : [toGroup(c, group)]))
  return c.json(toPage(items, await Promise.all(data), hasMore))
}

function isNotDeleted({ status }: Pick<GroupRecord, 'status'>): boolean {
  return status !== 'deleted'
}

/** `GET /v1/organizations/groups/{id}`, with the keys that belong to it. */
export async function answerGroup(c: Context<AppEnv>): Promise<Response> {
  const group = await requireGroup(c)
  const members = (await listKeys(c.get('config').keys)).filter(
    ({ group_id }) => group_id === group.id,
  )
  const keys = members.map(({ id, name, status }) => ({ id, name, status }))
  const ledger = c.get('config').ledgers?.getByName(toGroupLedger(group.id))
  const adjustments = ((await ledger?.adjustments()) ?? []).map(toAdjustmentView)
  return c.json({ ...(await toGroup(c, group)), adjustments, keys })
}

/** `POST /v1/organizations/groups` */
export async function createGroup(c: Context<AppEnv>): Promise<Response> {
  const { json } = await readBody(c.req.raw)
  const { name, ...input } = parseRequest(z.extend(groupInput, { name: nameOfGroup }), json)
  const made = await makeGroup(
    withWriteRetries(c.get('config').keys),
    { ...input, name },
    { now: new Date(c.get('now')()), actor: actorOf(c) },
  )
  const { group } = requireChanged(made)
  const more = await warnUnpriced(c, group)
  return c.json({ ...(await toGroup(c, group)), ...more }, 201)
}

const nameOfGroup = z.string().check(z.minLength(1), z.maxLength(100))

const update = lazySchema(() =>
  z.extend(groupInput, { status: z.optional(z.enum(['active', 'disabled'])) }),
)

/** `POST /v1/organizations/groups/{id}` */
export async function updateGroup(c: Context<AppEnv>): Promise<Response> {
  const { status, ...fields } = parseRequest(update, (await readBody(c.req.raw)).json)
  const group = await change(c, { type: 'update', fields, status })
  const more = await warnUnpriced(c, group)
  return c.json({ ...(await toGroup(c, group)), ...more })
}

/** `POST /v1/organizations/groups/{id}/delete`, and `DELETE /v1/organizations/groups/{id}` */
export async function deleteGroup(c: Context<AppEnv>): Promise<Response> {
  return c.json(await toGroup(c, await change(c, { type: 'delete' })))
}

/** `GET /v1/organizations/groups/{id}/audit` */
export async function answerGroupAudit(c: Context<AppEnv>): Promise<Response> {
  const { id } = await requireGroup(c)
  return c.json({ data: await readAudit(c.get('config').keys, toAuditId(id)) })
}

async function change(c: Context<AppEnv>, changing: GroupOperation): Promise<GroupRecord> {
  const { ledgers, keys } = c.get('config')
  const { id } = await requireGroup(c)
  const groupChange = { ...changing, id, actor: actorOf(c) }
  const changed =
    ledgers === undefined
      ? await changeGroup(withWriteRetries(keys), groupChange, { now: new Date(c.get('now')()) })
      : await ledgers.getByName(toGroupLedger(id)).changeGroup(groupChange)
  return requireChanged(changed ?? { fault: `Unknown group ${id}.` }).group
}

async function toGroup(c: Context<AppEnv>, group: GroupRecord): Promise<object> {
  const { version: _, ...fields } = group
  const { lastUsed: __, ...standing } = await readStanding(c, toGroupLedger(group.id), group.limits)
  return { type: 'group', ...fields, ...standing }
}
