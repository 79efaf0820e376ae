/** Calls of the Admin API: that of a gateway, or its operations in the process of the command. */
import * as z from 'zod/mini'

import { toErrorReply } from '../../../anthropic/error-reply.ts'
import { GatewayError } from '../../../anthropic/error.ts'
import type { OperatorTools } from '../../../http/routes/admin/keys/in-process.ts'
import type { GetCatalog } from '../../../http/routes/catalog.ts'
import { UserError } from '../../platform/run-command.ts'

/** The Admin API as commands call it. */
export interface AdminApi {
  /** Sends one request and returns the parsed body. Throws a UserError with the API's error message. */
  call: (method: 'GET' | 'POST', path: string, json?: object) => Promise<unknown>
  /** Whether ledgers are reached; else budgets, requests in flight and corrections are not known. */
  hasLedgers: boolean
}

/** A gateway and an admin key for it. */
export interface Gateway {
  /** The gateway's origin. */
  url: string
  key: string
}

const fault = z.object({ error: z.object({ message: z.string() }) })

/** The Admin API of a gateway. */
export function createGatewayApi({ url, key }: Gateway): AdminApi {
  const base = `${url.replace(/(?<!\/)\/+$/, '')}/v1/organizations`
  return {
    hasLedgers: true,
    async call(method, path, json) {
      const response = await fetch(base + path, {
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
      const { status } = response
      if (!response.ok) {
        const message = fault.safeParse(body).data?.error.message ?? text.slice(0, 200)
        const hint =
          status === 401 || status === 403
            ? ' The key of --key or GATEWAY_ADMIN_KEY must be a valid one with the scope admin.'
            : ''
        throw (
          toNotFound(status, message) ??
          new UserError(`${url} returned ${status}: ${message}${hint}`)
        )
      }
      return body
    },
  }
}

/** The operations on keys and groups over KV, with the ledgers that this process reaches. */
export async function createOperatorApi(
  tools: Omit<OperatorTools, 'now' | 'getCatalog'>,
): Promise<AdminApi> {
  const { createKeysApi } = await import('../../../http/routes/admin/keys/in-process.ts')
  const answer = createKeysApi({ ...tools, now: () => Date.now(), getCatalog: lazyCatalog() })
  return {
    hasLedgers: tools.ledgers !== undefined,
    async call(method, path, json) {
      const body = json === undefined ? null : JSON.stringify(json)
      try {
        return await (await answer(new Request(`http://operator${path}`, { method, body }))).json()
      } catch (error) {
        throw error instanceof GatewayError ? toUserError(error) : error
      }
    },
  }
}

/** The catalog that the gateway serves. Its schema and all dialects are loaded at its first use: most commands need none of them. */
function lazyCatalog(): GetCatalog {
  let getCatalog: GetCatalog | undefined
  return async (config) => {
    const { registries } = await import('../../catalog/catalog-file.ts')
    const { createGetCatalog } = await import('../../../http/routes/catalog.ts')
    getCatalog ??= createGetCatalog(registries, () => Date.now())
    return getCatalog(config)
  }
}

function toUserError({ failure }: GatewayError): UserError {
  if (failure.kind === 'misconfigured') {
    return new UserError(
      'Only the gateway itself reaches its ledgers: use --url with its origin, and GATEWAY_ADMIN_KEY.',
    )
  }
  const { status, message } = toErrorReply(failure)
  return toNotFound(status, message) ?? new UserError(message)
}

function toNotFound(status: number, message: string): UserError | undefined {
  const [, kind, id = ''] = /^(api_key|group): (.*)$/.exec(message) ?? []
  if (status !== 404 || kind === undefined) {
    return undefined
  }
  return kind === 'group' ? unknownGroup(id) : new UserError(`No key has the id ${id}.`)
}

/** The error for an unknown group. */
export function unknownGroup(nameOrId: string): UserError {
  return new UserError(
    `There is no group ${nameOrId}; npm run keys -- groups list lists all groups.`,
  )
}

const list = z.object({
  data: z.array(z.looseObject({ id: z.string() })),
  has_more: z.boolean(),
  last_id: z.nullable(z.string()),
})

/** All pages of a list. */
export async function readPages<Item>(
  { call }: AdminApi,
  path: string,
  parse: (value: unknown) => Item,
): Promise<Item[]> {
  const all: Item[] = []
  const first = `${path}${path.includes('?') ? '&' : '?'}limit=100`
  for (let after = ''; ;) {
    const page = list.parse(await call('GET', `${first}${after}`))
    all.push(...page.data.map(parse))
    if (!page.has_more || page.last_id === null) {
      return all
    }
    after = `&after_id=${page.last_id}`
  }
}
