/** `/v1/messages/batches…`: the Message Batches API. */
import type { LazyFetch } from './lazy-app.ts'
import { lazyFetch } from './lazy-app.ts'
import type { StoredRoutes } from './stored-routes.ts'

/** Creates the Message Batches API, which loads its routes at the first request. */
export function createBatchesApi(needs: StoredRoutes): LazyFetch {
  return lazyFetch(async () => {
    const { addBatchRoutes } = await import('./batches/index.ts')
    return (app) => addBatchRoutes(app, needs)
  })
}
