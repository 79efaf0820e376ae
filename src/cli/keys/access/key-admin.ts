/** The operations on keys. */
import * as z from 'zod/mini'

import type { KeyInput } from '../../../keys/fields.ts'
import type { AdminApi } from './admin-api.ts'
import { readPages } from './admin-api.ts'
import { GroupAdmin } from './group-admin.ts'
import type { Standing } from './holder-admin.ts'
import { HolderAdmin, toStanding } from './holder-admin.ts'

const secret = z.object({
  last_four: z.string(),
  created_at: z.string(),
  expires_at: z.nullable(z.string()),
  last_used_at: z.nullable(z.string()),
})

const statuses = {
  active: 'active',
  expired: 'active',
  inactive: 'disabled',
  archived: 'revoked',
} as const

const listedKey = z.pipe(
  z.object({
    id: z.string(),
    name: z.string(),
    status: z.enum(['active', 'inactive', 'archived', 'expired']),
    created_at: z.nullable(z.string()),
    expires_at: z.nullable(z.string()),
    partial_key_hint: z.string(),
    group_id: z.optional(z.nullable(z.string())),
    secrets: z.array(secret),
  }),
  z.transform(({ partial_key_hint: hint, status, group_id = null, ...key }) => ({
    ...key,
    group_id,
    status: statuses[status],
    last_four: hint.slice(-4),
  })),
)

const otherFields = z.object({
  models: z.array(z.string()),
  scopes: z.array(z.string()),
  limits: z.looseObject({}),
  metadata: z.record(z.string(), z.string()),
  /** The new secret, where one was created. */
  key: z.optional(z.string()),
  /** Models that it may not use without a price. */
  unpriced_models: z.optional(z.array(z.string())),
})

/** A key of a list, with its budgets where they are known. */
export type ListedView = z.infer<typeof listedKey> & Pick<Standing, 'budgets'>

/** A key, with its secret if a new one was created. */
export type WithSecret = ReturnType<typeof toWhole>

function toWhole(body: unknown) {
  return { ...listedKey.parse(body), ...otherFields.parse(body) }
}

/** The operations on keys. Each throws a UserError for an unknown key and for a change that the rules reject. */
export class KeyAdmin extends HolderAdmin {
  readonly groups: GroupAdmin

  constructor(api: AdminApi) {
    super(api, '/api_keys')
    this.groups = new GroupAdmin(api)
  }

  create(name: string, input: KeyInput): Promise<WithSecret> {
    return this.#change('', { ...input, name })
  }

  list(): Promise<ListedView[]> {
    return readPages(this.api, '/api_keys', (body) => ({
      ...listedKey.parse(body),
      budgets: toStanding(this.api, body).budgets,
    }))
  }

  show(id: string) {
    return this.readWhole(id, toWhole)
  }

  update(
    id: string,
    input: KeyInput,
    status: 'active' | 'disabled' | undefined,
  ): Promise<WithSecret> {
    return this.#change(`/${id}`, {
      ...input,
      status: status === 'disabled' ? 'inactive' : status,
    })
  }

  rotate(id: string, graceMs: number, force: boolean): Promise<WithSecret> {
    return this.#change(`/${id}/rotate`, { grace_seconds: Math.round(graceMs / 1000), force })
  }

  revoke(id: string): Promise<WithSecret> {
    return this.#change(`/${id}/revoke`)
  }

  /** The fields with the id of a group that is named by its id or name, or `none`. Throws a UserError. */
  async withGroup(input: KeyInput, group: string | undefined): Promise<KeyInput> {
    if (group === undefined) {
      return input
    }
    return { ...input, group_id: group === 'none' ? null : await this.groups.toId(group) }
  }

  async #change(path: string, json?: object): Promise<WithSecret> {
    return toWhole(await this.post(path, json))
  }
}
