/** Routes whose code is loaded at the first request to them. */
import type { Context, Handler } from 'hono'
import { Hono } from 'hono/tiny'

import type { Exchange } from '../../exchange/record/exchange.ts'
import type { KeyRecord } from '../../keys/record.ts'
import type { AppEnv } from '../env.ts'
import { toPath } from '../to-path.ts'
import { answerNotFound } from './errors.ts'

/** Adds routes to an app of their own. */
export type AddRoutes = (app: Hono<AppEnv>) => void

/** What an app within this one needs of the context of a request. */
export type OuterContext = Pick<Context<AppEnv>, 'env' | 'executionCtx' | 'get'>

/** Answers a request in the context of `c`; `key` is that of a session of the console. */
export type LazyFetch = (c: OuterContext, request: Request, key?: KeyRecord) => Promise<Response>

/** The origin of a request: its record, and the key of its session. */
interface Origin {
  exchange: Exchange
  key: KeyRecord | undefined
}

/** Hands requests to an app whose routes `load` loads. Errors are thrown to the caller. */
export function lazyApp(load: () => Promise<AddRoutes>): Handler<AppEnv> {
  const fetch = lazyFetch(load)
  return (c) => fetch(c, c.req.raw)
}

/** Loads an app as {@link lazyApp} does, for requests that need not be those of clients. */
export function lazyFetch(load: () => Promise<AddRoutes>): LazyFetch {
  const origins = new WeakMap<Request, Origin>()
  let app: Hono<AppEnv> | undefined
  return async function toLoaded(c, request, key) {
    const addRoutes = await load()
    app ??= createApp(addRoutes, origins)
    origins.set(request, { exchange: c.get('exchange'), key })
    return app.fetch(request, c.env, c.executionCtx)
  }
}

function createApp(addRoutes: AddRoutes, origins: WeakMap<Request, Origin>): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ getPath: toPath })
  app.onError((error) => {
    throw error
  })
  app.notFound(answerNotFound)
  app.use(async function share(c, next) {
    const origin = origins.get(c.req.raw)
    if (origin === undefined) {
      throw new Error('a request has no record')
    }
    c.set('exchange', origin.exchange)
    if (origin.key !== undefined) {
      c.set('key', origin.key)
    }
    await next()
  })
  addRoutes(app)
  return app
}
