/** Paths that clients and operators probe without a key. */
import type { Hono } from 'hono'

import type { AppEnv } from '../env.ts'

/** Adds `/` and `/api/hello`, which Claude Code requests at its start, and a sink for misdirected telemetry. */
export function addProbes(routes: Hono<AppEnv>): void {
  routes.get('/', (c) => c.text('messages-gateway'))
  routes.get('/api/hello', (c) => c.json({ message: 'hello' }))
  routes.post('/api/event_logging/*', (c) => c.json({}))
}
