/** The routes of keys and groups, which commands call in their own process too. */
import type { MiddlewareHandler } from 'hono'
import type { Hono } from 'hono/tiny'

import type { AppEnv } from '../../../env.ts'
import { answerMethodNotAllowed } from '../../errors.ts'
import type { AdminTools } from '../tools.ts'
import {
  answerGroup,
  answerGroupAudit,
  answerGroups,
  createGroup,
  deleteGroup,
  updateGroup,
} from './groups.ts'
import { adjustCharges, findGroup, findKey, releaseRequests } from './holders.ts'
import {
  answerAudit,
  answerKey,
  answerKeys,
  createAdminKey,
  revokeKey,
  rotateKey,
  updateKey,
} from './keys.ts'

/** Gives handlers the time and the catalog. */
export function provide(
  now: () => number,
  getCatalog: AdminTools['getCatalog'],
): MiddlewareHandler<AppEnv> {
  return async function provideTools(c, next) {
    c.set('now', now)
    c.set('readCatalog', () => getCatalog(c.get('config')))
    await next()
  }
}

/** Adds the routes, which need what {@link provide} gives. */
export function addKeyRoutes(routes: Hono<AppEnv>): void {
  routes.get('/api_keys', answerKeys)
  routes.post('/api_keys', createAdminKey)
  routes.get('/api_keys/:id', answerKey)
  routes.post('/api_keys/:id', updateKey)
  routes.post('/api_keys/:id/rotate', rotateKey)
  routes.post('/api_keys/:id/revoke', revokeKey)
  routes.post('/api_keys/:id/release', releaseRequests(findKey))
  routes.post('/api_keys/:id/adjust', adjustCharges(findKey))
  routes.get('/api_keys/:id/audit', answerAudit)
  routes.all('/api_keys', answerMethodNotAllowed('GET, POST'))
  routes.all('/api_keys/:id', answerMethodNotAllowed('GET, POST'))
  routes.get('/groups', answerGroups)
  routes.post('/groups', createGroup)
  routes.get('/groups/:id', answerGroup)
  routes.post('/groups/:id', updateGroup)
  routes.delete('/groups/:id', deleteGroup)
  routes.post('/groups/:id/delete', deleteGroup)
  routes.post('/groups/:id/release', releaseRequests(findGroup))
  routes.post('/groups/:id/adjust', adjustCharges(findGroup))
  routes.get('/groups/:id/audit', answerGroupAudit)
  routes.all('/groups', answerMethodNotAllowed('GET, POST'))
  routes.all('/groups/:id', answerMethodNotAllowed('GET, POST, DELETE'))
  routes.get('/export', async (c) => (await import('./transfer.ts')).answerExport(c))
  routes.post('/import', async (c) => (await import('./transfer.ts')).answerImport(c))
}
