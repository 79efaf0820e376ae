/** The redirects to an OpenID Connect provider and back. */
import type { Context } from 'hono'
import { html } from 'hono/html'

import type { Purpose } from '../../../identity/grants/browser-flow.ts'
import { beginAtProvider, returnFromProvider } from '../../../identity/providers/oidc.ts'
import { SignInRefused } from '../../../identity/refused.ts'
import { consolePath } from '../../console-path.ts'
import type { AppEnv } from '../../env.ts'
import { flowCookie } from './browser.ts'
import type { Desk } from './desk.ts'
import { requireRule } from './desk.ts'
import { answerPage } from './page.ts'

/** Begins a flow and sends the browser to the provider. */
export async function goToProvider(
  c: Context<AppEnv>,
  desk: Desk,
  name: string,
  purpose: Purpose,
): Promise<Response> {
  const { settings, issuers, signIns, origin } = desk
  const provider = settings.providers?.[name]
  if (provider === undefined) {
    throw new SignInRefused('Unknown provider.')
  }
  const { url, handshake } = await beginAtProvider(issuers, name, provider, toRedirectUri(origin))
  flowCookie.write(c, await signIns.openFlow(purpose, { handshake }), origin)
  // A redirect would follow the form that was posted, and `form-action` forbids one to another origin.
  return answerPage(c, {
    title: 'Sign in',
    next: url,
    body: html`<p>
      <a class="button" href="${url}">Continue to ${new URL(url).host}</a>
    </p>`,
  })
}

/** Handles `GET /oauth/callback`, to which a provider sends the browser back. */
export async function returnFrom(
  c: Context<AppEnv>,
  { settings, issuers, signIns, origin, config }: Desk,
): Promise<Response> {
  const cookie = flowCookie.read(c, origin) ?? ''
  const handshake = await signIns.takeHandshake(cookie, c.req.query('state') ?? '')
  const provider = handshake && settings.providers?.[handshake.provider]
  if (handshake === undefined || provider === undefined) {
    throw new SignInRefused(
      'This sign-in has ended, or was started in another browser. Start again.',
    )
  }
  const person = await returnFromProvider(issuers, provider, {
    url: new URL(c.req.url),
    redirectUri: toRedirectUri(origin),
    handshake,
    secret: provider.secret === undefined ? undefined : config.secret(provider.secret),
  })
  requireRule(settings, person)
  const purpose = await signIns.identifyFlow(cookie, person)
  const next = purpose === 'console' ? `${consolePath}/signed-in` : '/device/confirm'
  return c.redirect(next, 303)
}

/** The URL that is registered at the provider. */
function toRedirectUri(origin: string): string {
  return `${origin}/oauth/callback`
}
