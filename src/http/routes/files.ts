/** `/v1/files…`: the Files API. */
import type { Handler } from 'hono'

import type { AppEnv } from '../env.ts'
import { lazyApp } from './lazy-app.ts'
import type { StoredRoutes } from './stored-routes.ts'

export function answerFiles(needs: StoredRoutes): Handler<AppEnv> {
  return lazyApp(async () => {
    const { addFileRoutes } = await import('./files/index.ts')
    return (app) => addFileRoutes(app, needs)
  })
}
