/** The routes of keys and groups, which commands call in their own process too. */
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

/** What the routes need. */
export interface KeyTools extends Pick<AdminTools, 'getCatalog'> {
  now: () => number
}

/** Adds the routes. */
export function addKeyRoutes(routes: Hono<AppEnv>, { now, getCatalog }: KeyTools): void {
  routes.get('/api_keys', answerKeys(now))
  routes.post('/api_keys', createAdminKey(now, getCatalog))
  routes.get('/api_keys/:id', answerKey(now))
  routes.post('/api_keys/:id', updateKey(now, getCatalog))
  routes.post('/api_keys/:id/rotate', rotateKey(now))
  routes.post('/api_keys/:id/revoke', revokeKey(now))
  routes.post('/api_keys/:id/release', releaseRequests(findKey))
  routes.post('/api_keys/:id/adjust', adjustCharges(findKey, now))
  routes.get('/api_keys/:id/audit', answerAudit)
  routes.all('/api_keys', answerMethodNotAllowed('GET, POST'))
  routes.all('/api_keys/:id', answerMethodNotAllowed('GET, POST'))
  routes.get('/groups', answerGroups)
  routes.post('/groups', createGroup(now, getCatalog))
  routes.get('/groups/:id', answerGroup)
  routes.post('/groups/:id', updateGroup(now, getCatalog))
  routes.delete('/groups/:id', deleteGroup(now))
  routes.post('/groups/:id/delete', deleteGroup(now))
  routes.post('/groups/:id/release', releaseRequests(findGroup))
  routes.post('/groups/:id/adjust', adjustCharges(findGroup, now))
  routes.get('/groups/:id/audit', answerGroupAudit)
  routes.all('/groups', answerMethodNotAllowed('GET, POST'))
  routes.all('/groups/:id', answerMethodNotAllowed('GET, POST, DELETE'))
  routes.get('/export', async (c) =>
    (await import('./transfer.ts')).answerExport(c, new Date(now())),
  )
  routes.post('/import', async (c) =>
    (await import('./transfer.ts')).answerImport(c, new Date(now())),
  )
}
