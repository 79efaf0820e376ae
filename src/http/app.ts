/** The gateway: its middleware in order, its routes, and its responses to errors. */
import type { Handler } from 'hono'
import { HonoBase as Hono } from 'hono/hono-base'

import type { BatchRuntime } from '../batches/batch-object.ts'
import type { SliceMessage } from '../batches/protocol.ts'
import type { Registries } from '../catalog/registries.ts'
import { createResolver } from '../catalog/resolve/resolver.ts'
import { GatewayWatch } from '../exchange/alerts.ts'
import { KvCache, refreshPath } from '../exchange/kv-cache.ts'
import { CachedPrompts } from '../exchange/metering/cached-prompts.ts'
import { LearnedAdjustments } from '../exchange/policy/adjustments.ts'
import { Cooldowns } from '../exchange/policy/cooldown.ts'
import { LongBodies } from '../exchange/request/long-bodies.ts'
import { PromptPrints } from '../exchange/request/prompt-prints.ts'
import type { Services } from '../exchange/request/services.ts'
import { mayReadMetrics } from '../keys/record.ts'
import { LiveLogFeed } from '../live-log/feed.ts'
import { LineBatch } from '../live-log/line-batch.ts'
import { BoundedCache, cacheBounds } from '../platform/bounded-cache.ts'
import type { CachedListing } from '../server-tools/mcp/listing.ts'
import { signals } from '../telemetry/settings.ts'
import { createAuthorizer } from '../upstream/auth/auth.ts'
import { answerConsole } from './answer-console.ts'
import { createQueueConsumer, createRunSlice } from './batch-runs.ts'
import { consolePath } from './console-path.ts'
import type { AppEnv, Dependencies } from './env.ts'
import { requireKey } from './middleware/authenticate.ts'
import type { Configure } from './middleware/configure.ts'
import { createConfigure } from './middleware/configure.ts'
import { frame } from './middleware/frame.ts'
import type { Tools } from './middleware/record.ts'
import { CachingRouter } from './router.ts'
import { createAdminApi } from './routes/admin.ts'
import { createBatchesApi } from './routes/batches.ts'
import type { GetCatalog } from './routes/catalog.ts'
import { createGetCatalog } from './routes/catalog.ts'
import { answerError, answerMethodNotAllowed, answerNotFound } from './routes/errors.ts'
import { createFilesApi } from './routes/files.ts'
import { lazyApp } from './routes/lazy-app.ts'
import type { MessagesHandler } from './routes/messages.ts'
import { postCountTokens, postMessages } from './routes/messages.ts'
import { answerRefresh } from './routes/refresh.ts'
import { answerScrape, answerSignal } from './routes/telemetry/index.ts'
import { toPath } from './to-path.ts'

/** Sign-in, and what Claude Code asks for once it has signed in at a gateway. */
const signInPaths = [
  '/.well-known/oauth-authorization-server',
  '/oauth/*',
  '/device',
  '/device/*',
  '/managed/settings',
  '/user/bootstrap',
]

/** How long a log line of `npm start` waits for others, in milliseconds: not noticed in a terminal. */
const localLogMs = 10

/** What one isolate serves: requests, messages of the queue, and what objects of batches run. */
export interface Gateway {
  app: Hono<AppEnv>
  queue: ExportedHandlerQueueHandler<Env, SliceMessage>
  batches: BatchRuntime
}

/** Creates the gateway of one isolate, with the caches that its requests share (valid keys, the catalog, tokens). */
export function createGateway(dependencies: Dependencies, registries: Registries): Gateway {
  const cache = new KvCache()
  const getCatalog = createGetCatalog(registries, dependencies.now)
  const services = {
    ...dependencies,
    authorize: createAuthorizer(dependencies),
    resolve: createResolver(registries),
    cooldowns: new Cooldowns(),
    adjustments: new LearnedAdjustments(),
    cachedPrompts: new CachedPrompts(),
    promptPrints: new PromptPrints(),
    mcpListings: new BoundedCache<CachedListing>(cacheBounds.mcpListings),
    gatewayWatch: new GatewayWatch(),
    longBodies: new LongBodies(dependencies.now),
    liveLog: new LiveLogFeed(),
    localLog: new LineBatch(localLogMs),
  }
  const app = createApp(dependencies, registries, {
    services,
    configure: createConfigure(cache),
    getCatalog,
  })
  const batches = {
    runSlice: createRunSlice(services, cache, getCatalog),
    writeLog: dependencies.writeLog,
  }
  return { app, batches, queue: createQueueConsumer(batches) }
}

interface AppParts {
  services: Services & Tools
  configure: Configure
  getCatalog: GetCatalog
}

function createApp(
  dependencies: Dependencies,
  registries: Registries,
  { services, configure, getCatalog }: AppParts,
): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ getPath: toPath, router: new CachingRouter() })
  app.use(frame(services))
  // Claude Code requests these at its start, and may send telemetry, which is discarded.
  app.get('/', (c) => c.text('messages-gateway'))
  app.get('/api/hello', (c) => c.json({ message: 'hello' }))
  app.post('/api/event_logging/*', (c) => c.json({}))
  app.post(refreshPath, answerRefresh(configure))
  app.get('/health', async (c) => {
    const { answerHealth } = await import('./routes/health.ts')
    return answerHealth(c, { registries, configure, getCatalog })
  })

  // Before the other routes of /v1, whose keys have no access here.
  const admin = createAdminApi({ services, registries, configure, getCatalog })
  app.all('/v1/organizations/*', (c) => admin(c, c.req.raw))
  const { fetch, now } = dependencies
  const post = postMessages(services, getCatalog, services)
  const count = postCountTokens(services, getCatalog, services)
  const stored = { services, configure, getCatalog }
  const apis = { admin, batches: createBatchesApi(stored), files: createFilesApi(stored) }
  const tools = { fetch, now, registries, configure, getCatalog, apis, postMessages: post }
  app.all(`${consolePath}/*`, answerConsole(tools))

  const answerSignIn = createSignIn(dependencies, configure, getCatalog)
  signInPaths.forEach((path) => app.all(path, answerSignIn))

  // Their code is loaded when they are used. An admin key may see those of every key.
  app.all('/v1/files/*', (c) => apis.files(c, c.req.raw))
  app.all('/v1/messages/batches/*', (c) => apis.batches(c, c.req.raw))

  app.get('/api/oauth/usage', requireKey(dependencies, configure), async (c) => {
    const { describeUsage } = await import('./routes/oauth-usage.ts')
    return describeUsage(c, dependencies.now())
  })

  app.get(
    '/metrics',
    requireKey(dependencies, configure, mayReadMetrics),
    answerScrape(dependencies.now),
  )
  addModelRoutes(app.basePath('/v1'), {
    dependencies,
    registries,
    configure,
    getCatalog,
    post,
    count,
  })

  app.notFound(answerNotFound)
  app.onError(answerError)
  return app
}

function createSignIn(...tools: [Dependencies, Configure, GetCatalog]): Handler<AppEnv> {
  return lazyApp(async () => {
    const { signInRoutes } = await import('./routes/sign-in/index.ts')
    return signInRoutes(...tools)
  })
}

interface ModelTools {
  dependencies: Dependencies
  registries: Registries
  configure: Configure
  getCatalog: GetCatalog
  post: MessagesHandler
  count: MessagesHandler
}

/** What clients of models use, with their keys. */
function addModelRoutes(
  api: Hono<AppEnv>,
  { dependencies, registries, configure, getCatalog, post, count }: ModelTools,
): void {
  api.use(requireKey(dependencies, configure))
  api.post('/messages', post)
  api.post('/messages/count_tokens', count)
  signals.forEach((signal) => api.post(`/${signal}`, answerSignal(signal, dependencies)))
  api.get('/models', async (c) => {
    const { answerModels } = await import('./routes/models.ts')
    const { catalog } = await getCatalog(c.get('config'))
    return answerModels(c, { catalog, registries })
  })
  api.get('/models/:id{.+}', async (c) => {
    const { answerModel } = await import('./routes/models.ts')
    const { catalog } = await getCatalog(c.get('config'))
    return answerModel(c, { catalog, registries })
  })
  api.all('/messages', answerMethodNotAllowed('POST'))
  api.all('/messages/count_tokens', answerMethodNotAllowed('POST'))
  api.all('/models', answerMethodNotAllowed('GET'))
  api.all('/models/:id{.+}', answerMethodNotAllowed('GET'))
}
