/** A client of a gateway's Admin API. */
import * as z from 'zod/mini'

import { auditActions } from '../../../keys/audit.ts'
import { keyLimits } from '../../../keys/limits.ts'
import type { ImportCounts, TransferLine } from '../../../ledger/transfer.ts'
import { toHead, transferLine } from '../../../ledger/transfer.ts'
import type { Gateway } from './call-admin-api.ts'
import { callAdminApi, readPages } from './call-admin-api.ts'
import type { GroupAdmin, GroupView } from './group-admin.ts'
import type { KeyAdmin, WithSecret } from './key-admin.ts'

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

const shownFields = z.object({
  models: z.array(z.string()),
  scopes: z.array(z.string()),
  limits: z.looseObject({}),
  metadata: z.record(z.string(), z.string()),
  key: z.optional(z.string()),
  unpriced_models: z.optional(z.array(z.string())),
})

/** The schema of budgets as a gateway returns them; one of an older version does not. */
const budgets = z.optional(
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
)

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
  budgets,
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

const audit = z.object({
  data: z.array(
    z.object({
      at: z.string(),
      actor: z.string(),
      action: z.enum(auditActions),
      changes: z.record(z.string(), z.unknown()),
    }),
  ),
})

/** Ends requests in flight of the key or group at a path; the ids of those that were. */
export async function sendRelease(
  gateway: Gateway,
  path: string,
  request: string | undefined,
): Promise<string[]> {
  const query = request === undefined ? '' : `?request_id=${encodeURIComponent(request)}`
  const body = await callAdminApi(gateway, 'POST', `${path}/release${query}`)
  return z.object({ released: z.array(z.string()) }).parse(body).released
}

/** Creates a KeyAdmin that uses the Admin API of a gateway. */
export function createApiAdmin(gateway: Gateway): KeyAdmin {
  const send = async (method: 'GET' | 'POST', path: string, json?: object): Promise<WithSecret> => {
    const body = await callAdminApi(gateway, method, `/api_keys${path}`, json)
    const { key, ...shown } = shownFields.parse(body)
    return { ...listedKey.parse(body), ...shown, ...(key === undefined ? {} : { key }) }
  }
  return {
    create: (name, input) => send('POST', '', { ...input, name }),
    list: () =>
      readPages(gateway, '/api_keys', {
        parse: (value) => ({
          ...listedKey.parse(value),
          ...z.object({ budgets }).parse(value),
        }),
      }),
    async show(id) {
      const body = await callAdminApi(gateway, 'GET', `/api_keys/${id}`)
      const shown = {
        ...listedKey.parse(body),
        ...shownFields.parse(body),
        ...standing.parse(body),
      }
      const rows = audit.parse(await callAdminApi(gateway, 'GET', `/api_keys/${id}/audit`))
      return { ...shown, audit: rows.data }
    },
    release: (id, request) => sendRelease(gateway, `/api_keys/${id}`, request),
    adjust: async (id, input) =>
      adjustment.parse(await callAdminApi(gateway, 'POST', `/api_keys/${id}/adjust`, input)),
    update: (id, input, status) =>
      send('POST', `/${id}`, {
        ...input,
        ...(status === undefined ? {} : { status: status === 'disabled' ? 'inactive' : status }),
      }),
    rotate: (id, graceMs, force) =>
      send('POST', `/${id}/rotate`, { grace_seconds: Math.round(graceMs / 1000), force }),
    revoke: (id) => send('POST', `/${id}/revoke`),
    groups: createApiGroups(gateway),
    async exportLines(write) {
      for (let next: string | null = '0'; next !== null;) {
        const body = await callAdminApi(gateway, 'GET', `/export?page=${next}`)
        const page = exportPage.parse(body)
        page.lines.forEach(write)
        next = page.next
      }
    },
    importLines: (lines) => sendLines(gateway, lines),
  }
}

const exportPage = z.object({ lines: z.array(transferLine), next: z.nullable(z.string()) })

const importCounts = z.object({
  created: z.number(),
  changed: z.number(),
  unchanged: z.number(),
  usage_rows: z.number(),
})

/** Lines of one request, and rows of usage in them: a request may read and write so many records, and have so many values. */
const [linesPerRequest, rowsPerRequest] = [40, 8000]

function toParts(lines: readonly TransferLine[]): TransferLine[][] {
  const parts: TransferLine[][] = []
  let rows = 0
  for (const line of lines) {
    const last = parts.at(-1)
    const more = line.type === 'usage' ? line.rows.length : 0
    if (last === undefined || last.length >= linesPerRequest || rows + more > rowsPerRequest) {
      parts.push([line])
      rows = more
    } else {
      last.push(line)
      rows += more
    }
  }
  return parts
}

async function sendLines(gateway: Gateway, lines: readonly TransferLine[]): Promise<ImportCounts> {
  const sum: ImportCounts = { created: 0, changed: 0, unchanged: 0, usage_rows: 0 }
  for (const part of toParts(lines)) {
    const body = { head: toHead(new Date()), lines: part }
    const counts = importCounts.parse(await callAdminApi(gateway, 'POST', '/import', body))
    sum.created += counts.created
    sum.changed += counts.changed
    sum.unchanged += counts.unchanged
    sum.usage_rows += counts.usage_rows
  }
  return sum
}

const groupView = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(['active', 'disabled', 'deleted']),
  created_at: z.string(),
  models: z.array(z.string()),
  limits: keyLimits,
  metadata: z.record(z.string(), z.string()),
  budgets,
  unpriced_models: z.optional(z.array(z.string())),
})

const members = z.array(z.object({ id: z.string(), name: z.string(), status: z.string() }))

function createApiGroups(gateway: Gateway): GroupAdmin {
  const send = async (path: string, json?: object): Promise<GroupView> =>
    groupView.parse(await callAdminApi(gateway, 'POST', `/groups${path}`, json))
  return {
    create: (name, input) => send('', { ...input, name }),
    list: (all = false) =>
      readPages(gateway, all ? '/groups?include_deleted=true' : '/groups', groupView),
    async show(id) {
      const body = await callAdminApi(gateway, 'GET', `/groups/${id}`)
      const rows = audit.parse(await callAdminApi(gateway, 'GET', `/groups/${id}/audit`))
      return {
        ...groupView.parse(body),
        ...standing.parse(body),
        ...z.object({ keys: members }).parse(body),
        audit: rows.data,
      }
    },
    update: (id, fields, status) => send(`/${id}`, { ...fields, status }),
    delete: (id) => send(`/${id}/delete`),
    release: (id, request) => sendRelease(gateway, `/groups/${id}`, request),
    adjust: async (id, input) =>
      adjustment.parse(await callAdminApi(gateway, 'POST', `/groups/${id}/adjust`, input)),
  }
}
