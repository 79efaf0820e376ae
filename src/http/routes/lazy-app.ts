/** Routes whose code is loaded at the first request to them. */
import type { Handler } from 'hono'
import { Hono } from 'hono/tiny'

import type { Exchange } from '../../exchange/record/exchange.ts'
import type { AppEnv } from '../env.ts'
import { toPath } from '../to-path.ts'
import { answerNotFound } from './errors.ts'

/** Adds routes to an app of their own. */
export type AddRoutes = (app: Hono<AppEnv>) => void

/** Hands requests to an app whose routes `load` loads. Errors are thrown to the caller. */
export function lazyApp(load: () => Promise<AddRoutes>): Handler<AppEnv> {
  const exchanges = new WeakMap<Request, Exchange>()
  let app: Hono<AppEnv> | undefined
  return async function toLoaded(c) {
    const addRoutes = await load()
    app ??= createApp(addRoutes, exchanges)
    exchanges.set(c.req.raw, c.get('exchange'))
    return app.fetch(c.req.raw, c.env, c.executionCtx)
  }
}

function createApp(addRoutes: AddRoutes, exchanges: WeakMap<Request, Exchange>): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ getPath: toPath })
  app.onError((error) => {
    throw error
  })
  app.notFound(answerNotFound)
  app.use(async function share(c, next) {
    const exchange = exchanges.get(c.req.raw)
    if (exchange === undefined) {
      throw new Error('a request has no record')
    }
    c.set('exchange', exchange)
    await next()
  })
  addRoutes(app)
  return app
}
