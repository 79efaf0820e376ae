/** The routes of the Admin API. Loaded at the first request to it. */
import type { Hono } from 'hono/tiny'

import type { AppEnv } from '../../env.ts'
import { requireKey } from '../../middleware/authenticate.ts'
import { requireAdmin } from '../../middleware/require-admin.ts'
import { answerMethodNotAllowed } from '../errors.ts'
import { answerVersion, answerVersions, rollBack } from './catalog-versions.ts'
import { answerCatalog, checkCatalogText, putCatalog } from './catalog.ts'
import { answerDetails } from './health.ts'
import { addKeyRoutes, provide } from './keys/index.ts'
import { answerOwnKey, rotateOwnKey } from './keys/keys.ts'
import { answerPeople, answerPersonSessions, signPersonOut } from './keys/people.ts'
import {
  answerCostReport,
  answerOwnSessions,
  answerOwnUsage,
  answerSessions,
  answerUsageReport,
} from './reports.ts'
import { answerOwnRequests, answerRequests, answerRequestStream } from './requests.ts'
import { answerResolution } from './resolve.ts'
import type { AdminTools } from './tools.ts'

/** Adds the routes to an app, in which errors are thrown to the caller. */
export function addAdminRoutes(app: Hono<AppEnv>, tools: AdminTools): void {
  const { services, configure, getCatalog } = tools
  const { fetch, now } = services
  const routes = app.basePath('/v1/organizations')
  routes.use(provide(now, getCatalog))
  addOwn(routes, tools)
  routes.use(requireAdmin({ now }, configure))
  addKeyRoutes(routes)
  routes.get('/api_keys/:id/sessions', answerSessions)
  addCatalog(routes, tools)
  routes.get('/health', answerDetails(tools))
  routes.get('/requests', answerRequests)
  routes.get('/requests/stream', answerRequestStream)
  routes.get('/people', answerPeople)
  routes.get('/people/:id/sessions', answerPersonSessions)
  routes.post('/people/:id/sign_out', signPersonOut)
  routes.post('/alerts/test', async (c) =>
    (await import('./alerts.ts')).answerTestAlert(c, { fetch, now }),
  )
  routes.get('/recordings/:date/:id', async (c) =>
    (await import('./recordings.ts')).answerRecording(c),
  )
  routes.get('/usage_report/messages', answerUsageReport)
  routes.get('/cost_report', answerCostReport)
}

/** What every key may see and do of its own. */
function addOwn(routes: Hono<AppEnv>, { services, configure }: AdminTools): void {
  routes.use(
    '/api_keys/me/*',
    requireKey(services, configure, () => true),
  )
  routes.get('/api_keys/me', answerOwnKey)
  routes.get('/api_keys/me/usage_report', answerOwnUsage)
  routes.get('/api_keys/me/sessions', answerOwnSessions)
  routes.get('/api_keys/me/requests', answerOwnRequests)
  routes.post('/api_keys/me/rotate', rotateOwnKey)
}

function addCatalog(routes: Hono<AppEnv>, { services, registries }: AdminTools): void {
  routes.get('/catalog', answerCatalog)
  routes.put('/catalog', putCatalog(registries))
  routes.post('/catalog/check', checkCatalogText(registries))
  routes.get('/catalog/versions', answerVersions)
  routes.get('/catalog/versions/:number', answerVersion)
  routes.post('/catalog/rollback', rollBack(registries))
  routes.post('/resolve', answerResolution(services))
  routes.all('/catalog', answerMethodNotAllowed('GET, PUT'))
}
