/** The routes of the Admin API. Loaded at the first request to it. */
import type { Hono } from 'hono/tiny'

import type { AppEnv } from '../../env.ts'
import { requireKey } from '../../middleware/authenticate.ts'
import { requireAdmin } from '../../middleware/require-admin.ts'
import type { GetCatalog } from '../catalog.ts'
import { answerMethodNotAllowed } from '../errors.ts'
import { answerVersion, answerVersions, rollBack } from './catalog-versions.ts'
import { answerCatalog, checkCatalogText, putCatalog } from './catalog.ts'
import { answerDetails } from './health.ts'
import { adjustGroup, adjustKey } from './keys/adjust.ts'
import {
  answerGroup,
  answerGroupAudit,
  answerGroups,
  createGroup,
  deleteGroup,
  releaseGroupRequests,
  updateGroup,
} from './keys/groups.ts'
import {
  answerAudit,
  answerKey,
  answerKeys,
  answerOwnKey,
  createAdminKey,
  releaseRequests,
  revokeKey,
  rotateKey,
  rotateOwnKey,
  updateKey,
} from './keys/keys.ts'
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
  addOwn(routes, tools)
  routes.use(requireAdmin({ now }, configure))
  routes.get('/api_keys', answerKeys(now))
  routes.post('/api_keys', createAdminKey(now, getCatalog))
  routes.get('/api_keys/:id', answerKey(now))
  routes.post('/api_keys/:id', updateKey(now, getCatalog))
  routes.post('/api_keys/:id/rotate', rotateKey(now))
  routes.post('/api_keys/:id/revoke', revokeKey(now))
  routes.post('/api_keys/:id/release', releaseRequests)
  routes.post('/api_keys/:id/adjust', adjustKey(now))
  routes.get('/api_keys/:id/audit', answerAudit)
  routes.get('/api_keys/:id/sessions', answerSessions)
  addGroups(routes, now, getCatalog)
  addCatalog(routes, tools)
  routes.get('/health', answerDetails(tools))
  routes.get('/requests', answerRequests)
  routes.get('/requests/stream', answerRequestStream)
  routes.get('/people', answerPeople(now))
  routes.get('/people/:id/sessions', answerPersonSessions)
  routes.post('/people/:id/sign_out', signPersonOut)
  routes.get('/export', async (c) =>
    (await import('./keys/transfer.ts')).answerExport(c, new Date(now())),
  )
  routes.post('/import', async (c) =>
    (await import('./keys/transfer.ts')).answerImport(c, new Date(now())),
  )
  routes.post('/alerts/test', async (c) =>
    (await import('./alerts.ts')).answerTestAlert(c, getCatalog, { fetch, now }),
  )
  routes.get('/recordings/:date/:id', async (c) =>
    (await import('./recordings.ts')).answerRecording(c),
  )
  routes.get('/usage_report/messages', answerUsageReport(now))
  routes.get('/cost_report', answerCostReport(now))
  routes.all('/api_keys', answerMethodNotAllowed('GET, POST'))
  routes.all('/api_keys/:id', answerMethodNotAllowed('GET, POST'))
}

/** What every key may see and do of its own. */
function addOwn(
  routes: Hono<AppEnv>,
  { services: { now }, configure, getCatalog }: AdminTools,
): void {
  routes.use(
    '/api_keys/me/*',
    requireKey({ now }, configure, () => true),
  )
  routes.get('/api_keys/me', answerOwnKey(now, getCatalog))
  routes.get('/api_keys/me/usage_report', answerOwnUsage(now))
  routes.get('/api_keys/me/sessions', answerOwnSessions)
  routes.get('/api_keys/me/requests', answerOwnRequests)
  routes.post('/api_keys/me/rotate', rotateOwnKey(now))
}

function addCatalog(routes: Hono<AppEnv>, { services, registries, getCatalog }: AdminTools): void {
  const { now } = services
  routes.get('/catalog', answerCatalog)
  routes.put('/catalog', putCatalog(registries, now))
  routes.post('/catalog/check', checkCatalogText(registries, getCatalog))
  routes.get('/catalog/versions', answerVersions)
  routes.get('/catalog/versions/:number', answerVersion)
  routes.post('/catalog/rollback', rollBack(registries, now))
  routes.post('/resolve', answerResolution(services, getCatalog))
  routes.all('/catalog', answerMethodNotAllowed('GET, PUT'))
}

function addGroups(routes: Hono<AppEnv>, now: () => number, getCatalog: GetCatalog): void {
  routes.get('/groups', answerGroups)
  routes.post('/groups', createGroup(now, getCatalog))
  routes.get('/groups/:id', answerGroup)
  routes.post('/groups/:id', updateGroup(now, getCatalog))
  routes.delete('/groups/:id', deleteGroup(now))
  routes.post('/groups/:id/delete', deleteGroup(now))
  routes.post('/groups/:id/release', releaseGroupRequests)
  routes.post('/groups/:id/adjust', adjustGroup(now))
  routes.get('/groups/:id/audit', answerGroupAudit)
  routes.all('/groups', answerMethodNotAllowed('GET, POST'))
  routes.all('/groups/:id', answerMethodNotAllowed('GET, POST, DELETE'))
}
