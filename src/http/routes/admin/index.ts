/** `/v1/organizations/…`: the Admin API, for an operator's automation. */
import type { Hono } from 'hono'

import type { AppEnv, Dependencies } from '../../env.ts'
import { requireKey } from '../../middleware/authenticate.ts'
import type { Configure } from '../../middleware/configure.ts'
import { requireAdmin } from '../../middleware/require-admin.ts'
import { answerMethodNotAllowed } from '../errors.ts'
import {
  answerAudit,
  answerKey,
  answerKeys,
  answerOwnKey,
  createAdminKey,
  releaseRequests,
  revokeKey,
  rotateKey,
  updateKey,
} from './keys.ts'
import { answerCostReport, answerSessions, answerUsageReport } from './reports.ts'

/** Adds the routes; `routes` is based at `/v1/organizations`. */
export function addAdmin(
  routes: Hono<AppEnv>,
  dependencies: Pick<Dependencies, 'now'>,
  configure: Configure,
): void {
  const { now } = dependencies
  routes.get(
    '/api_keys/me',
    requireKey(dependencies, configure, () => true),
    answerOwnKey(now),
  )
  routes.use(requireAdmin(dependencies, configure))
  routes.get('/api_keys', answerKeys(now))
  routes.post('/api_keys', createAdminKey(now))
  routes.get('/api_keys/:id', answerKey(now))
  routes.post('/api_keys/:id', updateKey(now))
  routes.post('/api_keys/:id/rotate', rotateKey(now))
  routes.post('/api_keys/:id/revoke', revokeKey(now))
  routes.post('/api_keys/:id/release', releaseRequests)
  routes.get('/api_keys/:id/audit', answerAudit)
  routes.get('/api_keys/:id/sessions', answerSessions)
  routes.get('/usage_report/messages', answerUsageReport(now))
  routes.get('/cost_report', answerCostReport(now))
  routes.all('/api_keys', answerMethodNotAllowed('GET, POST'))
  routes.all('/api_keys/:id', answerMethodNotAllowed('GET, POST'))
}
