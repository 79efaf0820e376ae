/** `/v1/organizations/…`: the Admin API, for an operator's automation. */
import type { Handler } from 'hono'

import type { AppEnv, Dependencies } from '../env.ts'
import type { Configure } from '../middleware/configure.ts'
import type { GetCatalog } from './catalog.ts'
import { lazyApp } from './lazy-app.ts'

/** Answers requests to the Admin API. */
export function answerAdmin(
  dependencies: Pick<Dependencies, 'fetch' | 'now'>,
  configure: Configure,
  getCatalog: GetCatalog,
): Handler<AppEnv> {
  const admin = lazyApp(async () => {
    const { addAdminRoutes } = await import('./admin/index.ts')
    return (app) => addAdminRoutes(app, { ...dependencies, configure, getCatalog })
  })
  return async function toAdmin(c, next) {
    const response = await admin(c, next)
    // A ledger may have written to KV, past any mirror.
    configure(c).forgetKv?.()
    return response
  }
}
