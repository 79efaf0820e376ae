/** Requires a session, and gives the request the rights of its key. */
import type { MiddlewareHandler } from 'hono'

import { GatewayError } from '../../../anthropic/error.ts'
import { consolePath } from '../../console-path.ts'
import type { Apis } from '../api.ts'
import { Api } from '../api.ts'
import type { ConsoleEnv } from '../env.ts'
import { sessionCookie } from './cookie.ts'

/**
 * Sets `session`, `key`, and the APIs that pages use. A page redirects to the sign-in; a request of a script gets a GatewayError
 * `missing_key`.
 */
export function requireSession(apis: Apis): MiddlewareHandler<ConsoleEnv> {
  return async function checkSession(c, next) {
    const token = sessionCookie.read(c)
    const found = token === undefined ? undefined : await c.get('sessions')?.find(token)
    if (found === undefined) {
      sessionCookie.remove(c)
      if (c.req.path.startsWith(`${consolePath}/api/`)) {
        throw new GatewayError({ kind: 'missing_key' })
      }
      return c.redirect(`${consolePath}/sign-in`, 303)
    }
    c.set('session', found.session)
    c.set('key', found.key)
    c.get('exchange').authenticated(found.key)
    const open = (name: keyof Apis): Api => new Api(c, { name, fetch: apis[name] }, found.key)
    c.set('api', open('admin'))
    c.set('batches', open('batches'))
    c.set('files', open('files'))
    await next()
    return undefined
  }
}
