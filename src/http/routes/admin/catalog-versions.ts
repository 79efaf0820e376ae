/** `/v1/organizations/catalog/versions` and `/rollback`: the latest versions of the catalog. */
import type { Context } from 'hono'
import * as z from 'zod/mini'

import { GatewayError } from '../../../anthropic/error.ts'
import { parseRequest } from '../../../anthropic/request/request.ts'
import { catalogEntry } from '../../../catalog/load.ts'
import type { Registries } from '../../../catalog/registries.ts'
import type { CatalogVersion } from '../../../catalog/versions/versions.ts'
import { listVersions, readVersion, toEtag } from '../../../catalog/versions/versions.ts'
import { lazySchema } from '../../../platform/lazy-schema.ts'
import { readBody } from '../../body.ts'
import type { AppEnv } from '../../env.ts'
import { push, toPushed } from './catalog.ts'

/** `GET /v1/organizations/catalog/versions`, the latest first. */
export async function answerVersions(c: Context<AppEnv>): Promise<Response> {
  const versions = await listVersions(c.get('config').catalog)
  return c.json({ data: versions.map(toView) })
}

/** `GET /v1/organizations/catalog/versions/{number}`: the text of a version. */
export async function answerVersion(c: Context<AppEnv>): Promise<Response> {
  const { text, version } = await requireVersion(c, Number(c.req.param('number')))
  return c.body(text, 200, { 'content-type': 'application/json', etag: version.etag })
}

const rollback = lazySchema(() => z.strictObject({ number: z.number().check(z.int()) }))

/**
 * `POST /v1/organizations/catalog/rollback` of a version's number: its text is pushed as a new version. With
 * `If-Match`, only if the catalog is still that one.
 */
export function rollBack(registries: Registries) {
  return async function postRollback(c: Context<AppEnv>): Promise<Response> {
    const { number } = parseRequest(rollback, (await readBody(c.req.raw)).json)
    const { text } = await requireVersion(c, number)
    const expected =
      c.req.header('if-match') ?? (await toEtag(await c.get('config').catalog.get(catalogEntry)))
    const note = `version ${number} again`
    return toPushed(c, await push(c, { text, expected, note }, registries))
  }
}

async function requireVersion(
  c: Context<AppEnv>,
  number: number,
): Promise<{ version: CatalogVersion; text: string }> {
  const found = await readVersion(c.get('config').catalog, number)
  if (found === undefined) {
    throw new GatewayError({ kind: 'not_found', message: `catalog version: ${number}` })
  }
  return found
}

function toView(version: CatalogVersion): object {
  return { type: 'catalog_version', ...version }
}
