/** A client of a gateway's sign-in: the device flow, refresh and revocation. */
import { setTimeout } from 'node:timers/promises'

import * as z from 'zod/mini'

import { UserError } from '../platform/run-command.ts'
import type { Credential } from './credentials.ts'

const grants = {
  device: 'urn:ietf:params:oauth:grant-type:device_code',
  refresh: 'refresh_token',
}

const started = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.string(),
  verification_uri_complete: z.string(),
  expires_in: z.number(),
  interval: z.number(),
  login_notice: z.optional(z.string()),
})

/** A sign-in that has begun: the code to show, the page to open, and how often to poll. */
export type StartedSignIn = z.infer<typeof started>

const tokens = z.object({
  access_token: z.string(),
  refresh_token: z.optional(z.string()),
  expires_in: z.number(),
  email: z.optional(z.string()),
})

const failed = z.object({ error: z.string(), error_description: z.optional(z.string()) })

/** The gateway has ended the session, so that only a new sign-in helps. */
export class SessionEnded extends UserError {
  override readonly name = 'SessionEnded'
}

/** Begins the device flow. Throws a UserError, also for a gateway without sign-in. */
export async function startSignIn(url: string): Promise<StartedSignIn> {
  const { status, body } = await post(url, '/oauth/device_authorization', {
    surface: 'command line',
  })
  const parsed = started.safeParse(body)
  if (!parsed.success) {
    const why = failed.safeParse(body).data?.error_description
    throw new UserError(why ?? `${url} has no sign-in (it returned status ${status}).`)
  }
  return parsed.data
}

/** Polls until the code is approved. Throws a UserError if it is denied, or expires. */
export async function awaitApproval(url: string, signIn: StartedSignIn): Promise<Credential> {
  let waitSeconds = signIn.interval
  for (;;) {
    await setTimeout(waitSeconds * 1000)
    const { device_code } = signIn
    const { body } = await post(url, '/oauth/token', { grant_type: grants.device, device_code })
    const { data: failure } = failed.safeParse(body)
    if (failure === undefined) {
      return toCredential(body)
    }
    if (failure.error === 'slow_down') {
      waitSeconds += 5
    } else if (failure.error !== 'authorization_pending') {
      throw new UserError(failure.error_description ?? failure.error)
    }
  }
}

/** Exchanges a refresh token. Throws a {@link SessionEnded}, or a UserError if the gateway does not answer. */
export async function refresh(url: string, refreshToken: string): Promise<Credential> {
  const form = { grant_type: grants.refresh, refresh_token: refreshToken }
  const { status, body } = await post(url, '/oauth/token', form)
  if (status === 401) {
    throw new SessionEnded(
      `Your session at ${url} has ended. Sign in again: npm run login -- ${url}`,
    )
  }
  return toCredential(body)
}

/** Ends the session of a token. */
export async function revoke(url: string, token: string): Promise<void> {
  await post(url, '/oauth/revoke', { token })
}

function toCredential(body: unknown): Credential {
  const parsed = tokens.safeParse(body)
  if (!parsed.success) {
    throw new UserError('The gateway did not return a key.')
  }
  const { expires_in: seconds, ...rest } = parsed.data
  const now = Date.now()
  return { ...rest, issued_at: now, expires_at: now + seconds * 1000 }
}

async function post(
  url: string,
  path: string,
  form: Record<string, string>,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url + path, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(30_000),
  }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : 'no response'
    throw new UserError(`Could not connect to ${url} (${why}).`)
  })
  const text = await response.text()
  try {
    return { status: response.status, body: JSON.parse(text) }
  } catch {
    return { status: response.status, body: undefined }
  }
}
