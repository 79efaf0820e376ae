/** Keys and groups as the Admin API serves them, for a command that is their operator: without a gateway, or a key of its own. */
import { Hono } from 'hono/tiny'

import type { Config } from '../../../../exchange/config.ts'
import { KvCache } from '../../../../exchange/kv-cache.ts'
import type { AppEnv } from '../../../env.ts'
import type { GetCatalog } from '../../catalog.ts'
import { addKeyRoutes, provide } from './index.ts'

/** What the operations work on. Without ledgers there is no usage, and corrections are refused. */
export interface OperatorTools extends Pick<Config, 'keys' | 'catalog' | 'ledgers'> {
  now: () => number
  getCatalog: GetCatalog
  /** The author in the audit log. */
  actor: string
}

/** Creates the function that answers a request for `/api_keys…`, `/groups…`, `/export` or `/import`. It throws what the routes throw. */
export function createKeysApi({
  keys,
  catalog,
  ledgers,
  actor,
  now,
  getCatalog,
}: OperatorTools): (request: Request) => Promise<Response> {
  const config: Config = {
    keys,
    catalog,
    ledgers,
    caching: true,
    cache: new KvCache(),
    local: false,
    secret: () => undefined,
    binding: () => undefined,
    sessions: undefined,
    signIns: undefined,
    catalogWriter: undefined,
    liveLog: undefined,
    dataPoints: undefined,
    telemetry: undefined,
  }
  const app = new Hono<AppEnv>()
  app.onError((error) => {
    throw error
  })
  app.use(async (c, next) => {
    c.set('config', config)
    c.set('actor', actor)
    await next()
  })
  app.use(provide(now, getCatalog))
  addKeyRoutes(app)
  return async (request) => app.fetch(request)
}
