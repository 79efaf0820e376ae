/** Paths that clients and operators probe without a key. */
import { Hono } from 'hono/tiny'

import type { AppEnv } from '../app-env.ts'

/** `/` and `/api/hello` are asked by Claude Code at its start; telemetry that strays here is thanked and dropped. */
export function probes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()
  routes.get('/', (c) => c.text('messages-gateway'))
  routes.get('/api/hello', (c) => c.json({ message: 'hello' }))
  routes.post('/api/event_logging/*', (c) => c.json({}))
  return routes
}
