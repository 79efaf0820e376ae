/** What keys and groups have in common in the Admin API: a standing with the ledger, and an audit log. */
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

const released = z.object({ released: z.array(z.string()) })

/** The operations that keys and groups have in common. `path`: where the API has them. */
export class HolderAdmin {
  readonly api: AdminApi
  readonly #path: string

  constructor(api: AdminApi, path: string) {
    this.api = api
    this.#path = path
  }

  /** Ends a request in flight, or all of them; the ids of those that were. */
  async release(id: string, request: string | undefined): Promise<string[]> {
    const query = request === undefined ? '' : `?request_id=${encodeURIComponent(request)}`
    return released.parse(await this.post(`/${id}/release${query}`)).released
  }

  /** Books a correction of what was charged. */
  async adjust(id: string, input: AdjustmentInput) {
    return adjustment.parse(await this.post(`/${id}/adjust`, input))
  }

  /** Reads one, with its standing and its audit log. */
  protected async readWhole<View extends object>(id: string, parse: (body: unknown) => View) {
    const path = `${this.#path}/${id}`
    const body = await this.api.call('GET', path)
    const { data } = audit.parse(await this.api.call('GET', `${path}/audit`))
    return { ...parse(body), ...toStanding(this.api, body), audit: data }
  }

  protected post(path: string, json?: object): Promise<unknown> {
    return this.api.call('POST', this.#path + path, json)
  }
}
