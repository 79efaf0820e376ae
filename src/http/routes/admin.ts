/** `/v1/organizations/…`: the Admin API, for an operator's automation. */
import type { Handler } from 'hono'
import type { Hono } from 'hono/tiny'

import type { Exchange } from '../../exchange/record/exchange.ts'
import type { AppEnv, Dependencies } from '../env.ts'
import type { Configure } from '../middleware/configure.ts'
import type { GetCatalog } from './catalog.ts'

/** Hands requests to an app of their own, which is loaded at the first of them. */
export function answerAdmin(
  dependencies: Pick<Dependencies, 'now'>,
  configure: Configure,
  getCatalog: GetCatalog,
): Handler<AppEnv> {
  const exchanges = new WeakMap<Request, Exchange>()
  let admin: Hono<AppEnv> | undefined
  return async function toAdmin(c) {
    const { createAdmin } = await import('./admin/index.ts')
    admin ??= createAdmin(dependencies, configure, getCatalog, (request) => {
      const exchange = exchanges.get(request)
      if (exchange === undefined) {
        throw new Error('a request to the Admin API has no record')
      }
      return exchange
    })
    exchanges.set(c.req.raw, c.get('exchange'))
    const response = await admin.fetch(c.req.raw, c.env, c.executionCtx)
    // A ledger may have written to KV, past any mirror.
    configure(c).forgetKv?.()
    return response
  }
}
