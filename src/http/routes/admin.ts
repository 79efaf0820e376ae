/** `/v1/organizations/…`: the Admin API, for an operator's automation and for the pages of the console. */
import type { AdminApi, AdminTools } from './admin/tools.ts'
import { lazyFetch } from './lazy-app.ts'

/** Answers requests to the Admin API. */
export function createAdminApi(tools: AdminTools): AdminApi {
  const admin = lazyFetch(async () => {
    const { addAdminRoutes } = await import('./admin/index.ts')
    return (app) => addAdminRoutes(app, tools)
  })
  return async function toAdmin(c, request, key) {
    const response = await admin(c, request, key)
    const { local, cache } = tools.configure(c)
    if (local && request.method !== 'GET') {
      // As commands do, the Admin API reports what it may have written to KV.
      cache.expire()
    }
    return response
  }
}
