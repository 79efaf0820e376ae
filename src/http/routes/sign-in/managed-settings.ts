/** What Claude Code and Claude Desktop ask for once they have signed in at a gateway: their settings. */
import type { Context } from 'hono'

import { GatewayError } from '../../../anthropic/error.ts'
import {
  findSettings,
  matchesEtag,
  toChecksum,
} from '../../../identity/policies/managed-settings.ts'
import type { AppEnv } from '../../env.ts'
import type { Desk } from './desk.ts'

/** Handles `GET /managed/settings`, which Claude Code asks every hour. 404 means that there is no policy. */
export async function answerManagedSettings(c: Context<AppEnv>, desk: Desk): Promise<Response> {
  const settings = findSettings(desk.settings.policies ?? [], c.get('key').owner, 'cli')
  if (settings === undefined) {
    throw new GatewayError({ kind: 'not_found', message: 'There is no policy for this key.' })
  }
  const checksum = await toChecksum(settings)
  const headers = { etag: `"${checksum}"`, 'cache-control': 'private, no-cache' }
  return matchesEtag(c.req.header('if-none-match'), checksum)
    ? c.body(null, { status: 304, headers })
    : c.json({ uuid: checksum, checksum, settings }, { headers })
}

/** Handles `GET /user/bootstrap`: the configuration of Claude Desktop, which uses the gateway by it. */
export function answerBootstrap(c: Context<AppEnv>, { settings, origin }: Desk): Response {
  const desktop = findSettings(settings.policies ?? [], c.get('key').owner, 'desktop')
  if (desktop === undefined) {
    const message = 'There is no policy with a configuration of Claude Desktop for this key.'
    throw new GatewayError({ kind: 'not_found', message })
  }
  const body = { inferenceProvider: 'gateway', inferenceGatewayBaseUrl: origin, ...desktop }
  return c.json(body, { headers: { 'cache-control': 'no-store' } })
}
