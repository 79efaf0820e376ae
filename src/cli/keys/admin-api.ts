/** A client of a gateway's Admin API. */
import * as z from 'zod/mini'

import { UserError } from '../platform/run-command.ts'
import type { KeyAdmin, WithSecret } from './key-admin.ts'
import { unknown } from './key-admin.ts'

/** A gateway and an admin key for it. */
export interface Gateway {
  /** The gateway's origin. */
  url: string
  key: string
}

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
    secrets: z.array(secret),
  }),
  z.transform(({ partial_key_hint: hint, status, ...key }) => ({
    ...key,
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
})

/** The standing of a key; absent from older gateways. */
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
})

const list = z.object({
  data: z.array(listedKey),
  has_more: z.boolean(),
  last_id: z.nullable(z.string()),
})

const audit = z.object({
  data: z.array(
    z.object({
      at: z.string(),
      actor: z.string(),
      action: z.enum(['create', 'update', 'rotate', 'revoke']),
      changes: z.record(z.string(), z.unknown()),
    }),
  ),
})

const fault = z.object({ error: z.object({ message: z.string() }) })

/** Sends one request and returns the parsed body. Throws a UserError with the gateway's error message. */
export async function callAdminApi(
  { url, key }: Gateway,
  method: 'GET' | 'POST',
  path: string,
  json?: object,
): Promise<unknown> {
  const target = `${url.replace(/\/+$/, '')}/v1/organizations${path}`
  const response = await fetch(target, {
    method,
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  }).catch((error: unknown) => {
    throw new UserError(
      `Could not connect to ${url} (${error instanceof Error ? error.message : 'no response'}).`,
    )
  })
  const text = await response.text()
  const body: unknown = text.startsWith('{') ? JSON.parse(text) : undefined
  if (!response.ok) {
    const message = fault.safeParse(body).data?.error.message ?? text.slice(0, 200)
    throw response.status === 404 && message.startsWith('api_key: ')
      ? unknown(message.slice('api_key: '.length))
      : new UserError(`${url} returned ${response.status}: ${message}`)
  }
  return body
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
    async list() {
      const all: z.infer<typeof listedKey>[] = []
      let after = ''
      for (;;) {
        const page = list.parse(await callAdminApi(gateway, 'GET', `/api_keys?limit=100${after}`))
        all.push(...page.data)
        if (!page.has_more || page.last_id === null) {
          return all
        }
        after = `&after_id=${page.last_id}`
      }
    },
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
    async release(id) {
      const body = await callAdminApi(gateway, 'POST', `/api_keys/${id}/release`)
      return z.object({ released: z.array(z.string()) }).parse(body).released
    },
    update: (id, input, status) =>
      send('POST', `/${id}`, {
        ...input,
        ...(status === undefined ? {} : { status: status === 'disabled' ? 'inactive' : status }),
      }),
    rotate: (id, graceMs, force) =>
      send('POST', `/${id}/rotate`, { grace_seconds: Math.round(graceMs / 1000), force }),
    revoke: (id) => send('POST', `/${id}/revoke`),
  }
}
