/** What the Admin API returns of a key or group besides its fields: its standing with the ledger, and its audit log. */
import * as z from 'zod/mini'

import { auditRow } from '../../../keys/audit.ts'
import type { AdjustmentInput } from '../../../ledger/usage/adjust.ts'
import type { AdminApi } from './admin-api.ts'

const adjustment = z.object({
  id: z.string(),
  at: z.string(),
  usd: z.number(),
  why: z.string(),
  actor: z.string(),
  model: z.nullable(z.string()),
  key: z.nullable(z.string()),
})

const standing = z.object({
  budgets: z.optional(
    z.array(
      z.object({
        period: z.string(),
        model: z.nullable(z.string()),
        limit_usd: z.number(),
        spent_usd: z.number(),
        held_usd: z.number(),
        left_usd: z.number(),
        resets_at: z.nullable(z.string()),
      }),
    ),
  ),
  open_requests: z.optional(
    z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        model: z.string(),
        since: z.string(),
        expires_at: z.string(),
        held_usd: z.number(),
      }),
    ),
  ),
  adjustments: z.optional(z.array(adjustment)),
})

/** The standing of a key or group; empty if that is not known. A gateway of an older version returns less of it. */
export type Standing = z.infer<typeof standing>

/** Reads the standing in an answer of the Admin API. */
export function toStanding({ hasLedgers }: AdminApi, body: unknown): Standing {
  return hasLedgers ? standing.parse(body) : {}
}

const audit = z.object({ data: z.array(auditRow) })

/** The key or group at `path`, with its standing and its audit log. */
export async function readWhole<View extends object>(
  api: AdminApi,
  path: string,
  parse: (body: unknown) => View,
) {
  const body = await api.call('GET', path)
  const { data } = audit.parse(await api.call('GET', `${path}/audit`))
  return { ...parse(body), ...toStanding(api, body), audit: data }
}

const released = z.object({ released: z.array(z.string()) })

/** Ends requests in flight of the key or group at `path`: one, or all. Returns their ids. */
export async function release(
  { call }: Pick<AdminApi, 'call'>,
  path: string,
  request: string | undefined,
): Promise<string[]> {
  const query = request === undefined ? '' : `?request_id=${encodeURIComponent(request)}`
  return released.parse(await call('POST', `${path}/release${query}`)).released
}

/** Books a correction of what the key or group at `path` was charged. */
export async function adjust({ call }: AdminApi, path: string, input: AdjustmentInput) {
  return adjustment.parse(await call('POST', `${path}/adjust`, input))
}
