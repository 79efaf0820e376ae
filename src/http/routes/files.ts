/** `/v1/files…`: the Files API. */
import type { LazyFetch } from './lazy-app.ts'
import { lazyFetch } from './lazy-app.ts'
import type { StoredRoutes } from './stored-routes.ts'

/** Creates the Files API, which loads its routes at the first request. */
export function createFilesApi(needs: StoredRoutes): LazyFetch {
  return lazyFetch(async () => {
    const { addFileRoutes } = await import('./files/index.ts')
    return (app) => addFileRoutes(app, needs)
  })
}
