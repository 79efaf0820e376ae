/** Paths that clients and operators probe without a key. */
import type { Hono } from 'hono'

import type { AppEnv } from '../env.ts'

/** `/` and `/api/hello` are asked by Claude Code at its start; telemetry that strays here is thanked and dropped. */
export function addProbes(routes: Hono<AppEnv>): void {
  routes.get('/', (c) => c.text('messages-gateway'))
  routes.get('/api/hello', (c) => c.json({ message: 'hello' }))
  routes.post('/api/event_logging/*', (c) => c.json({}))
}
