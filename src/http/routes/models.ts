/**
 * Handles `GET /v1/models` and `GET /v1/models/{id}`: the models that the key may use, from the
 * catalog only.
 */
import type { Context } from 'hono'

import type { CatalogSource } from '../../catalog/models-list.ts'
import { describeModel, listModels } from '../../catalog/models-list.ts'
import { allowsModel } from '../../keys/record.ts'
import type { AppEnv } from '../env.ts'

/** Answers with the list. */
export function answerModels(c: Context<AppEnv>, source: CatalogSource): Response {
  const { searchParams } = new URL(c.req.url)
  return c.json(listModels(source, searchParams, isAllowedFor(c)))
}

/** Answers with one model. Ids may contain slashes, escaped (as SDKs send them) or not. */
export function answerModel(c: Context<AppEnv>, source: CatalogSource): Response {
  const { pathname } = new URL(c.req.url)
  const escaped = pathname.slice(pathname.indexOf('/models/') + '/models/'.length)
  return c.json(describeModel(source, unescapeId(escaped), isAllowedFor(c)))
}

/** Whether the key of a request, and its group, may use a model. */
export function isAllowedFor(c: Context<AppEnv>): (...names: string[]) => boolean {
  const holders = [c.get('key'), c.get('group')]
  return (...names) => allowsModel(holders, ...names)
}

/** Decodes an id. A malformed escape is taken literally, which is a 404. */
function unescapeId(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
