/** `/v1/messages/batches…`: the Message Batches API. */
import type { Handler } from 'hono'

import type { AppEnv } from '../env.ts'
import { lazyApp } from './lazy-app.ts'
import type { StoredRoutes } from './stored-routes.ts'

export function answerBatches(needs: StoredRoutes): Handler<AppEnv> {
  return lazyApp(async () => {
    const { addBatchRoutes } = await import('./batches/index.ts')
    return (app) => addBatchRoutes(app, needs)
  })
}
