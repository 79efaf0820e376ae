/** What an operator does with the ledger of a key or group: ends requests in flight, and corrects what was charged. */
import type { Context } from 'hono'

import { GatewayError } from '../../../../anthropic/error.ts'
import { parseRequest } from '../../../../anthropic/request/request.ts'
import { writeAudit } from '../../../../keys/audit.ts'
import { toAuditId } from '../../../../keys/groups/change.ts'
import type { GroupRecord } from '../../../../keys/groups/record.ts'
import { readGroup } from '../../../../keys/groups/store.ts'
import type { KeyLimits } from '../../../../keys/limits.ts'
import { showKey } from '../../../../keys/store.ts'
import { toGroupLedger } from '../../../../ledger/ledger-name.ts'
import { adjustmentInput, toAdjustment } from '../../../../ledger/usage/adjust.ts'
import { toAdjustmentView } from '../../../../ledger/usage/standing.ts'
import { readBody } from '../../../body.ts'
import type { AppEnv } from '../../../env.ts'
import { actorOf, runChange } from '../changes.ts'
import { requireLedgers } from '../reports.ts'
import type { AdminHandler } from '../tools.ts'

/** A key or group with a ledger and an audit log. */
interface Holder {
  ledger: string
  limits: KeyLimits
  /** Finds its audit log. */
  auditId: string
  /** The group of a key, whose ledger counts the key's charges too. */
  group: GroupRecord | undefined
}

type FindHolder = (c: Context<AppEnv>) => Promise<Holder>

/** Finds the key of `/api_keys/{id}/…`. Throws a GatewayError `not_found`. */
export async function findKey(c: Context<AppEnv>): Promise<Holder> {
  const id = c.req.param('id') ?? ''
  const { keys } = c.get('config')
  const key = (await showKey(keys, id))?.at(-1)
  if (key === undefined) {
    throw unknownKey(id)
  }
  const { limits, group_id: groupId } = key
  const group = groupId === undefined ? undefined : await readGroup(keys, groupId)
  return { ledger: id, limits, auditId: id, group }
}

/** Finds the group of `/groups/{id}/…`. Throws as {@link requireGroup} does. */
export async function findGroup(c: Context<AppEnv>): Promise<Holder> {
  const { id, limits } = await requireGroup(c)
  return { ledger: toGroupLedger(id), limits, auditId: toAuditId(id), group: undefined }
}

/** The group that a path names. Throws a GatewayError `not_found`. */
export async function requireGroup(c: Context<AppEnv>): Promise<GroupRecord> {
  const id = c.req.param('id') ?? ''
  const group = await readGroup(c.get('config').keys, id)
  if (group === undefined) {
    throw new GatewayError({ kind: 'not_found', message: `group: ${id}` })
  }
  return group
}

/** The error for an id that no key has. */
export function unknownKey(id: string): GatewayError {
  return new GatewayError({ kind: 'not_found', message: `api_key: ${id}` })
}

/** `POST …/{id}/release`: ends requests in flight that a crash left behind, all or `request_id`. */
export function releaseRequests(find: FindHolder): AdminHandler {
  return async function postRelease(c) {
    const { ledger } = await find(c)
    const released = await requireLedgers(c).getByName(ledger).release(c.req.query('request_id'))
    return c.json({ released })
  }
}

/** `POST …/{id}/adjust`: books a correction: `usd`, `why`, and perhaps `model` and `date`. */
export function adjustCharges(find: FindHolder): AdminHandler {
  return async function postAdjustment(c) {
    const { ledger, limits, auditId, group } = await find(c)
    const input = parseRequest(adjustmentInput, (await readBody(c.req.raw)).json)
    const [actor, at] = [actorOf(c), new Date(c.get('now')())]
    const adjustment = await runChange(async () => toAdjustment(input, { limits, actor, now: at }))
    const ledgers = requireLedgers(c)
    await ledgers.getByName(ledger).adjust(adjustment)
    if (group !== undefined) {
      const ofKey = { ...adjustment, key: ledger, limits: group.limits }
      await ledgers.getByName(toGroupLedger(group.id)).adjust(ofKey)
    }
    // The entry has who and why, so that a failure here loses nothing.
    const changes = { ...input, id: adjustment.id }
    await writeAudit(c.get('config').keys, { id: auditId, at, actor, action: 'adjust', changes })
    return c.json(toAdjustmentView(adjustment), 201)
  }
}
