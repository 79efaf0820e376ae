/** Calls of a gateway's Admin API. */
import * as z from 'zod/mini'

import { UserError } from '../../platform/run-command.ts'
import { unknown, unknownGroup } from './not-found.ts'

/** A gateway and an admin key for it. */
export interface Gateway {
  /** The gateway's origin. */
  url: string
  key: string
}

const list = z.object({
  data: z.array(z.looseObject({ id: z.string() })),
  has_more: z.boolean(),
  last_id: z.nullable(z.string()),
})

const fault = z.object({ error: z.object({ message: z.string() }) })

/** Sends one request and returns the parsed body. Throws a UserError with the gateway's error message. */
export async function callAdminApi(
  { url, key }: Gateway,
  method: 'GET' | 'POST',
  path: string,
  json?: object,
): Promise<unknown> {
  const target = `${url.replace(/(?<!\/)\/+$/, '')}/v1/organizations${path}`
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
    throw toUserError(response.status, message, url)
  }
  return body
}

function toUserError(status: number, message: string, url: string): UserError {
  const [, kind, id = ''] = /^(api_key|group): (.*)$/.exec(message) ?? []
  if (status === 404 && kind !== undefined) {
    return kind === 'group' ? unknownGroup(id) : unknown(id)
  }
  const hint =
    status === 401 || status === 403
      ? ' The key of --key or GATEWAY_ADMIN_KEY must be a valid one with the scope admin.'
      : ''
  return new UserError(`${url} returned ${status}: ${message}${hint}`)
}

/** All pages of a list. */
export async function readPages<Item>(
  gateway: Gateway,
  path: string,
  item: { parse: (value: unknown) => Item },
): Promise<Item[]> {
  const all: Item[] = []
  const first = `${path}${path.includes('?') ? '&' : '?'}limit=100`
  for (let after = ''; ;) {
    const page = list.parse(await callAdminApi(gateway, 'GET', `${first}${after}`))
    all.push(...page.data.map((value) => item.parse(value)))
    if (!page.has_more || page.last_id === null) {
      return all
    }
    after = `&after_id=${page.last_id}`
  }
}
