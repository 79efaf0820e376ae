/** `/v1/organizations/catalog`: the catalog as text, with a validator, so that two authors do not undo each other. */
import type { Context } from 'hono'

import { GatewayError, invalidRequest } from '../../../anthropic/error.ts'
import { bundledCatalog } from '../../../catalog/bundled.ts'
import { describeFault } from '../../../catalog/check/fault.ts'
import { locateFaults } from '../../../catalog/check/locate.ts'
import { catalogEntry } from '../../../catalog/load.ts'
import { parseCatalogText } from '../../../catalog/parse.ts'
import { listUnpriced } from '../../../catalog/price.ts'
import type { Registries } from '../../../catalog/registries.ts'
import { describeDifferences } from '../../../catalog/versions/differences.ts'
import type { CatalogPush, CatalogVersion } from '../../../catalog/versions/versions.ts'
import { pushCatalog, toEtag } from '../../../catalog/versions/versions.ts'
import { readText } from '../../body.ts'
import type { AppEnv } from '../../env.ts'
import { actorOf } from './changes.ts'
import type { AdminHandler } from './tools.ts'

/** `GET /v1/organizations/catalog`: the text, with its `ETag`. */
export async function answerCatalog(c: Context<AppEnv>): Promise<Response> {
  const text = await c.get('config').catalog.get(catalogEntry)
  const served = text ?? JSON.stringify(bundledCatalog, null, 2)
  return c.body(served, 200, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    etag: await toEtag(text),
  })
}

/** `PUT /v1/organizations/catalog` of a text, with `If-Match`; `note` in the query is kept with the version. */
export function putCatalog(registries: Registries): AdminHandler {
  return async function replaceCatalog(c) {
    const expected = c.req.header('if-match')
    if (expected === undefined) {
      throw invalidRequest(
        'if-match: Field required. Send the ETag of the catalog that your change is based on.',
      )
    }
    const text = await readText(c.req.raw)
    const note = c.req.query('note') ?? ''
    return toPushed(c, await push(c, { text, expected, note }, registries))
  }
}

/**
 * `POST /v1/organizations/catalog/check` of a text: its faults with their places, and what it would change.
 */
export function checkCatalogText(registries: Registries): AdminHandler {
  return async function check(c) {
    const text = await readText(c.req.raw)
    const parsed = parseCatalogText(text, registries)
    if ('faults' in parsed) {
      return c.json({ valid: false, faults: locateFaults(text, parsed.faults), changes: [] })
    }
    const { catalog } = await c.get('readCatalog')()
    return c.json({
      valid: true,
      faults: [],
      changes: describeDifferences(catalog, parsed.catalog),
      unpriced_models: listUnpriced(parsed.catalog),
    })
  }
}

/** Pushes a text. Throws a GatewayError for one that is invalid, or whose base has changed. */
export async function push(
  c: Context<AppEnv>,
  change: Omit<CatalogPush, 'actor'>,
  registries: Registries,
): Promise<CatalogVersion> {
  const parsed = parseCatalogText(change.text, registries)
  if ('faults' in parsed) {
    const [first] = locateFaults(change.text, parsed.faults)
    throw invalidRequest(
      `The catalog is invalid and was not written: ${first && `line ${first.at.line}: ${describeFault(first)}`}`,
    )
  }
  const { catalog: kv, catalogWriter } = c.get('config')
  const request = { ...change, actor: actorOf(c) }
  const pushed =
    catalogWriter === undefined
      ? await pushCatalog(kv, request, new Date(c.get('now')()))
      : await catalogWriter.getByName('catalog').push(request)
  if ('conflict' in pushed) {
    throw new GatewayError({
      kind: 'precondition_failed',
      message: `The catalog has been changed since you read it (its ETag is now ${pushed.conflict}), and was not written. Read it again and reapply your change.`,
    })
  }
  return pushed.version
}

/** The answer to a push. */
export function toPushed(c: Context<AppEnv>, version: CatalogVersion): Response {
  return c.json({ type: 'catalog_version', ...version }, 200, { etag: version.etag })
}
