/** `GET /v1/models` and `GET /v1/models/{id}`: what the key may use, from the catalog alone. */
import type { Context } from 'hono'

import { describeModel, listModels } from '../../catalog/models-list.ts'
import type { AppEnv } from '../env.ts'
import type { GetCatalog } from './catalog.ts'

/** The list's handler. */
export function answerModels(getCatalog: GetCatalog) {
  return async function getModels(c: Context<AppEnv>): Promise<Response> {
    const { catalog } = await getCatalog(c.get('config'))
    const { searchParams } = new URL(c.req.url)
    return c.json(listModels(catalog, searchParams, c.get('key').models))
  }
}

/** One model's handler. Ids may hold slashes, escaped (as SDKs send them) or not. */
export function answerModel(getCatalog: GetCatalog) {
  return async function getModel(c: Context<AppEnv>): Promise<Response> {
    const { catalog } = await getCatalog(c.get('config'))
    const { pathname } = new URL(c.req.url)
    const escaped = pathname.slice(pathname.indexOf('/models/') + '/models/'.length)
    return c.json(describeModel(catalog, unescapeId(escaped), c.get('key').models))
  }
}

/** A malformed escape is taken literally: there is no such model, and the response says so. */
function unescapeId(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
