/** What the steps of sign-in need: the catalog's settings, the objects, and the request's circumstances. */
import type { Context } from 'hono'

import { GatewayError } from '../../../anthropic/error.ts'
import type { IdentitySettings, PersonRule } from '../../../catalog/schema/sign-in.ts'
import type { Config } from '../../../exchange/config.ts'
import type { Client } from '../../../identity/grants/device-grant.ts'
import type { Person } from '../../../identity/persons/person.ts'
import { findRule } from '../../../identity/persons/person.ts'
import type { Issuers } from '../../../identity/providers/issuers.ts'
import { SignInRefused } from '../../../identity/refused.ts'
import { SignIns } from '../../../identity/sign-ins.ts'
import type { Terms } from '../../../identity/tokens/person-sessions.ts'
import type { Configure } from '../../middleware/configure.ts'
import type { GetCatalog } from '../catalog.ts'

/** What the steps of one sign-in request need. `now` is in epoch milliseconds. */
export interface Desk {
  config: Config
  settings: IdentitySettings
  signIns: SignIns
  issuers: Issuers
  /** The origin of the gateway, in links and as the audience of tokens. */
  origin: string
  now: number
}

/** Resolves to the desk of a request; rejects where sign-in is not configured. */
export type OpenDesk = (c: Parameters<Configure>[0] & { req: { url: string } }) => Promise<Desk>

/**
 * Creates the function that returns the desk of a request. It throws a GatewayError `not_found` where the
 * catalog has no `identity`, and `misconfigured` without the binding.
 */
export function createDesk(
  configure: Configure,
  getCatalog: GetCatalog,
  issuers: Issuers,
  now: () => number,
): OpenDesk {
  return async function openDesk(c) {
    const config = configure(c)
    const { identity: settings } = (await getCatalog(config)).catalog
    if (settings === undefined) {
      const message = 'Sign-in is not configured on this gateway: its catalog has no "identity".'
      throw new GatewayError({ kind: 'not_found', message })
    }
    if (config.signIns === undefined) {
      const message =
        'The gateway is not configured: the Durable Object binding SIGN_IN is missing.'
      throw new GatewayError({ kind: 'misconfigured', message })
    }
    return {
      config,
      settings,
      signIns: new SignIns(config.signIns),
      issuers,
      // Headers such as x-forwarded-host are the client's to choose.
      origin: settings.public_url ?? new URL(c.req.url).origin,
      now: now(),
    }
  }
}

const maxForm = 16_384

/** Reads a form. Throws a GatewayError `too_large`. */
export async function readForm(c: Context): Promise<URLSearchParams> {
  const text = await c.req.text()
  if (text.length > maxForm) {
    throw new GatewayError({ kind: 'too_large', reason: undefined })
  }
  return new URLSearchParams(text)
}

/** What is known of the client or browser that sent a request. */
export function toClient(c: Context, surface: string): Client {
  const country: unknown = c.req.raw.cf?.['country']
  return {
    surface: surface.slice(0, 40),
    agent: (c.req.header('user-agent') ?? '').slice(0, 200),
    address: toAddress(c),
    country: typeof country === 'string' ? country : '',
  }
}

/** The client's IP address as Cloudflare sets it; empty on one's own machine. */
export function toAddress(c: Context): string {
  return c.req.header('cf-connecting-ip') ?? ''
}

const minuteMs = 60_000
const dayMs = 86_400_000

/** How long a person's key is valid, in milliseconds. */
export function toKeyMs({ key_minutes: minutes = 60 }: IdentitySettings): number {
  return minutes * minuteMs
}

/** What a person gets by a rule. */
export function toTerms(settings: IdentitySettings, rule: PersonRule): Terms {
  const { session_days: days = 30 } = settings
  return { rule, keyMs: toKeyMs(settings), sessionMs: days * dayMs }
}

/** The rule by which a person may sign in. Throws a {@link SignInRefused} if there is none. */
export function requireRule({ people }: IdentitySettings, person: Person): PersonRule {
  const rule = findRule(people, person)
  if (rule === undefined) {
    throw refusePerson(person.email)
  }
  return rule
}

/** What a person gets who may sign in by no rule. */
export function refusePerson(email: string | undefined): SignInRefused {
  return new SignInRefused(
    `${email ?? 'This account'} may not sign in to this gateway. Ask its operator for a rule in "identity.people".`,
  )
}
