import type { Context } from 'hono'

import type { SessionGrant } from '../../../identity/session.ts'
import type { ConsoleSessions } from '../../../identity/sessions.ts'
import { consolePath } from '../../console-path.ts'
import type { AppEnv } from '../../env.ts'
import { sessionCookie } from './cookie.ts'

/** Creates a session for a sign-in that has succeeded, sets its cookie, and redirects to the console. */
export async function startSession<Env extends AppEnv>(
  c: Context<Env>,
  sessions: ConsoleSessions,
  grant: SessionGrant,
): Promise<Response> {
  const token = await sessions.create(grant, c.req.header('user-agent') ?? '')
  sessionCookie.write(c, token)
  return c.redirect(consolePath, 303)
}
