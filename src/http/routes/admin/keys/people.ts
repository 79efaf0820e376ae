/** Persons and pipelines that sign in, and their sessions, by HTTP. */
import type { Context } from 'hono'
import * as z from 'zod/mini'

import { GatewayError } from '../../../../anthropic/error.ts'
import { parseRequest } from '../../../../anthropic/request/request.ts'
import { SignIns } from '../../../../identity/sign-ins.ts'
import type { SignInSession } from '../../../../identity/tokens/sign-in-sessions.ts'
import { listKeys, showKey } from '../../../../keys/store.ts'
import { lazySchema } from '../../../../platform/lazy-schema.ts'
import { readBody } from '../../../body.ts'
import type { AppEnv } from '../../../env.ts'
import { cutPage, pageQuery, toPage } from '../../page-query.ts'
import { toStatus } from './api-key.ts'

/** `GET /v1/organizations/people`: who has ever signed in, by name. */
export async function answerPeople(c: Context<AppEnv>): Promise<Response> {
  const { keys } = c.get('config')
  const all = (await listKeys(keys)).filter(({ signs_in: signsIn }) => signsIn === true)
  const { items, hasMore } = cutPage(all, parseRequest(pageQuery, c.req.query()))
  const people = items.map(async (key) => {
    const { id, name, created_at = null, group_id = null } = key
    const owner = (await showKey(keys, id))?.at(-1)?.owner
    return {
      type: 'person',
      id,
      name,
      status: toStatus(key, c.get('now')()),
      created_at,
      group_id,
      owner,
    }
  })
  return c.json(toPage(items, await Promise.all(people), hasMore))
}

/** `GET /v1/organizations/people/{id}/sessions`: those that have not ended, the oldest first. */
export async function answerPersonSessions(c: Context<AppEnv>): Promise<Response> {
  const { id, signIns } = await requirePerson(c)
  const sessions = await signIns.listSessions(id)
  return c.json({ data: sessions.map(toSession) })
}

const signOut = lazySchema(() => z.strictObject({ session_id: z.optional(z.string()) }))

/** `POST /v1/organizations/people/{id}/sign_out`: ends one session by its id, or all. */
export async function signPersonOut(c: Context<AppEnv>): Promise<Response> {
  const { id, signIns } = await requirePerson(c)
  const { session_id: sessionId } = parseRequest(signOut, (await readBody(c.req.raw)).json)
  await signIns.endSessions(id, sessionId)
  const sessions = await signIns.listSessions(id)
  return c.json({ data: sessions.map(toSession) })
}

async function requirePerson(c: Context<AppEnv>): Promise<{ id: string; signIns: SignIns }> {
  const { keys, signIns } = c.get('config')
  const id = c.req.param('id') ?? ''
  const owner = (await showKey(keys, id))?.at(-1)?.owner
  if (owner === undefined || signIns === undefined) {
    throw new GatewayError({ kind: 'not_found', message: `person: ${id}` })
  }
  return { id, signIns: new SignIns(signIns) }
}

function toSession({ id, client, createdAt, refreshedAt, endsAt }: SignInSession): object {
  return {
    type: 'session',
    id,
    created_at: toIso(createdAt),
    refreshed_at: toIso(refreshedAt),
    ends_at: toIso(endsAt),
    client,
  }
}

function toIso(at: number): string {
  return new Date(at).toISOString()
}
