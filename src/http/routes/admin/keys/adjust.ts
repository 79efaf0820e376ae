/** Corrections of what a key or group was charged, by HTTP. */
import type { Context } from 'hono'

import { GatewayError } from '../../../../anthropic/error.ts'
import { parseRequest } from '../../../../anthropic/request/request.ts'
import { writeAudit } from '../../../../keys/audit.ts'
import { toAuditId } from '../../../../keys/groups/change.ts'
import type { GroupRecord } from '../../../../keys/groups/record.ts'
import { readGroup } from '../../../../keys/groups/store.ts'
import { InvalidChange } from '../../../../keys/limits-patch.ts'
import type { KeyLimits } from '../../../../keys/limits.ts'
import { showKey } from '../../../../keys/store.ts'
import { toGroupLedger } from '../../../../ledger/ledger-name.ts'
import type { AdjustmentInput } from '../../../../ledger/usage/adjust.ts'
import { adjustmentInput, toAdjustment } from '../../../../ledger/usage/adjust.ts'
import { toAdjustmentView } from '../../../../ledger/usage/standing.ts'
import { readBody } from '../../../body.ts'
import type { AppEnv } from '../../../env.ts'
import { requireLedgers } from '../reports.ts'

type Handler = (c: Context<AppEnv>) => Promise<Response>

interface Target {
  ledger: string
  limits: KeyLimits
  /** Finds its audit log. */
  auditId: string
  /** The group that the charge counted in too. */
  group: GroupRecord | undefined
}

/** `POST /v1/organizations/api_keys/{id}/adjust`: `usd`, `why`, and perhaps `model` and `date`. */
export function adjustKey(now: () => number): Handler {
  return async function postAdjustment(c) {
    const id = c.req.param('id') ?? ''
    const { keys } = c.get('config')
    const key = (await showKey(keys, id))?.at(-1)
    if (key === undefined) {
      throw new GatewayError({ kind: 'not_found', message: `api_key: ${id}` })
    }
    const group = key.group_id === undefined ? undefined : await readGroup(keys, key.group_id)
    return book(c, { ledger: id, limits: key.limits, auditId: id, group }, now())
  }
}

/** `POST /v1/organizations/groups/{id}/adjust` */
export function adjustGroup(now: () => number): Handler {
  return async function postAdjustment(c) {
    const id = c.req.param('id') ?? ''
    const group = await readGroup(c.get('config').keys, id)
    if (group === undefined) {
      throw new GatewayError({ kind: 'not_found', message: `group: ${id}` })
    }
    const { limits } = group
    const auditId = toAuditId(id)
    return book(c, { ledger: toGroupLedger(id), limits, auditId, group: undefined }, now())
  }
}

async function book(
  c: Context<AppEnv>,
  { ledger, limits, auditId, group }: Target,
  now: number,
): Promise<Response> {
  const input = parseRequest(adjustmentInput, (await readBody(c.req.raw)).json)
  const actor = `key:${c.get('key').id}`
  const at = new Date(now)
  const adjustment = readAdjustment(input, { limits, actor, now: at })
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

function readAdjustment(
  input: AdjustmentInput,
  context: { limits: KeyLimits; actor: string; now: Date },
) {
  try {
    return toAdjustment(input, context)
  } catch (error) {
    if (error instanceof InvalidChange) {
      throw new GatewayError({ kind: 'invalid_request', message: error.message })
    }
    throw error
  }
}
