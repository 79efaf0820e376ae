/** The operations on groups of keys. */
import * as z from 'zod/mini'

import type { GroupInput } from '../../../keys/groups/change.ts'
import { keyLimits } from '../../../keys/limits.ts'
import type { AdminApi } from './admin-api.ts'
import { readPages, unknownGroup } from './admin-api.ts'
import { HolderAdmin, toStanding } from './holder-admin.ts'

const fields = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(['active', 'disabled', 'deleted']),
  created_at: z.string(),
  models: z.array(z.string()),
  limits: keyLimits,
  metadata: z.record(z.string(), z.string()),
  /** Models that its keys may not use without a price. */
  unpriced_models: z.optional(z.array(z.string())),
})

const members = z.object({
  keys: z.array(z.object({ id: z.string(), name: z.string(), status: z.string() })),
})

function toView(api: AdminApi, body: unknown) {
  return { ...fields.parse(body), budgets: toStanding(api, body).budgets }
}

type GroupView = ReturnType<typeof toView>

/** Each operation throws a UserError for an unknown group and for a change that the rules reject. */
export class GroupAdmin extends HolderAdmin {
  /** The groups that names have been looked up in. */
  #listed: Promise<GroupView[]> | undefined

  constructor(api: AdminApi) {
    super(api, '/groups')
  }

  create(name: string, input: GroupInput): Promise<GroupView> {
    return this.#change('', { ...input, name })
  }

  /** Lists the groups that are not deleted, or all. */
  list(all = false): Promise<GroupView[]> {
    const path = all ? '/groups?include_deleted=true' : '/groups'
    return readPages(this.api, path, (body) => toView(this.api, body))
  }

  show(id: string) {
    return this.readWhole(id, (body) => ({ ...fields.parse(body), ...members.parse(body) }))
  }

  update(
    id: string,
    input: GroupInput,
    status: 'active' | 'disabled' | undefined,
  ): Promise<GroupView> {
    return this.#change(`/${id}`, { ...input, status })
  }

  delete(id: string): Promise<GroupView> {
    return this.#change(`/${id}/delete`)
  }

  /** The id of a group that is named by its id or name. Throws a UserError. */
  async toId(nameOrId: string): Promise<string> {
    this.#listed ??= this.list()
    const found = (await this.#listed).find(({ id, name }) => id === nameOrId || name === nameOrId)
    if (found === undefined) {
      throw unknownGroup(nameOrId)
    }
    return found.id
  }

  async #change(path: string, json?: object): Promise<GroupView> {
    return toView(this.api, await this.post(path, json))
  }
}
