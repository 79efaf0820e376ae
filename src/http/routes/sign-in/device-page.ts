/**
 * `/device`: where a person types the code that a client shows, signs in, and approves. A code in the link is
 * only filled in: it may come from another person (RFC 8628, section 5.4), so that the page shows what asks and
 * from where, and waits for a click.
 */
import type { Context } from 'hono'
import { html } from 'hono/html'

import type { PendingGrant } from '../../../identity/grants/device-grant.ts'
import { readUserCode, showUserCode } from '../../../identity/grants/user-code.ts'
import type { Person } from '../../../identity/persons/person.ts'
import { readAccess } from '../../../identity/providers/access.ts'
import { SignInRefused } from '../../../identity/refused.ts'
import type { AppEnv } from '../../env.ts'
import { flowCookie, requireOwnOrigin, toFormToken } from './browser.ts'
import type { Desk } from './desk.ts'
import { readForm, requireRule, toAddress } from './desk.ts'
import type { Markup } from './page.ts'
import { answerPage } from './page.ts'
import { goToProvider } from './providers.ts'

const title = 'Sign in a device'

/** Handles `GET /device`. */
export async function showCodeForm(c: Context<AppEnv>, desk: Desk): Promise<Response> {
  const code = readUserCode(c.req.query('user_code') ?? '')
  return answerPage(c, { title, body: toCodeForm(desk, code, undefined) })
}

/** Handles `POST /device`: a code, and how to sign in. */
export async function receiveCode(c: Context<AppEnv>, desk: Desk): Promise<Response> {
  requireOwnOrigin(c, desk.origin)
  const form = await readForm(c)
  const address = toAddress(c)
  if (!(await desk.signIns.beginAttempt('code', address))) {
    const body = html`<p>Too many wrong codes from your address. Try again in ten minutes.</p>`
    return answerPage(c, { title, body, status: 429 })
  }
  const code = readUserCode(form.get('user_code') ?? '')
  if (code === undefined || (await desk.signIns.pendingGrant(code)) === undefined) {
    const fault = 'The code is unknown or has expired. Compare it with the one on your device.'
    return answerPage(c, { title, body: toCodeForm(desk, code, fault), status: 400 })
  }
  await desk.signIns.takeBackAttempt('code', address)
  return signIn(c, desk, code, form.get('provider') ?? '')
}

async function signIn(
  c: Context<AppEnv>,
  desk: Desk,
  device: string,
  provider: string,
): Promise<Response> {
  const { settings, issuers, signIns, now, origin } = desk
  if (settings.providers?.[provider] !== undefined) {
    return goToProvider(c, desk, provider, { device })
  }
  if (settings.access === undefined) {
    throw new SignInRefused('Unknown provider.')
  }
  const person = await readAccess(issuers, settings.access, c.req.raw.headers, now)
  requireRule(desk.settings, person)
  flowCookie.write(c, await signIns.openFlow({ device }, { person }), origin)
  return c.redirect('/device/confirm', 303)
}

/** Handles `GET /device/confirm`: what asks, from where, and for whom. */
export async function showConfirmation(c: Context<AppEnv>, desk: Desk): Promise<Response> {
  const cookie = flowCookie.read(c, desk.origin) ?? ''
  const { person, code, grant } = await readConfirmation(desk, cookie)
  const token = await toFormToken(cookie)
  return answerPage(c, {
    title,
    body: html`<p>
        <strong>${showUserCode(code)}</strong>
      </p>
      <p>Approve only if your device shows this code now and you started this sign-in yourself.</p>
      ${describeGrant(grant, person, desk.now)}
      <form method="post" action="/device/confirm">
        <input type="hidden" name="token" value="${token}" />
        <button name="decision" value="approve">Approve</button>
        <button name="decision" value="deny">Deny</button>
      </form>`,
  })
}

/** Handles `POST /device/confirm`. */
export async function receiveDecision(c: Context<AppEnv>, desk: Desk): Promise<Response> {
  requireOwnOrigin(c, desk.origin)
  const cookie = flowCookie.read(c, desk.origin) ?? ''
  const form = await readForm(c)
  const { person, code } = await readConfirmation(desk, cookie)
  if (form.get('token') !== (await toFormToken(cookie))) {
    throw new SignInRefused('This form does not belong to this sign-in. Start again.')
  }
  const isApproved = form.get('decision') === 'approve'
  const isDecided = await desk.signIns.decideGrant(code, isApproved ? person : undefined)
  await desk.signIns.endFlow(cookie)
  flowCookie.remove(c, desk.origin)
  if (!isDecided) {
    throw new SignInRefused('The code has expired or was already used. Start again on your device.')
  }
  const body = isApproved
    ? html`<p>Your device is signed in. You can close this page.</p>`
    : html`<p>The sign-in was denied. You can close this page.</p>`
  return answerPage(c, { title: isApproved ? 'Approved' : 'Denied', body })
}

async function readConfirmation(
  desk: Desk,
  cookie: string,
): Promise<{ person: Person; code: string; grant: PendingGrant }> {
  const signedIn = await desk.signIns.signedIn(cookie)
  if (signedIn === undefined || signedIn.purpose === 'console') {
    throw new SignInRefused(
      'This sign-in has ended, or was started in another browser. Start again.',
    )
  }
  const { person, purpose } = signedIn
  const grant = await desk.signIns.pendingGrant(purpose.device)
  if (grant === undefined) {
    throw new SignInRefused('The code has expired or was already used. Start again on your device.')
  }
  requireRule(desk.settings, person)
  return { person, code: purpose.device, grant }
}

function toCodeForm(
  { settings }: Desk,
  code: string | undefined,
  fault: string | undefined,
): Markup {
  const buttons = [
    ...Object.entries(settings.providers ?? {}).map(([name, { display_name: shown = name }]) => ({
      name,
      label: `Continue with ${shown}`,
    })),
    ...(settings.access === undefined ? [] : [{ name: '', label: 'Continue' }]),
  ]
  return html`<form method="post" action="/device">
    <p><label for="user_code">Enter the code that your device shows.</label></p>
    ${fault === undefined ? '' : html`<p id="fault" role="alert">${fault}</p>`}
    <input
      id="user_code"
      name="user_code"
      value="${code === undefined ? '' : showUserCode(code)}"
      aria-describedby="${fault === undefined ? '' : 'fault'}"
      autocomplete="off"
      spellcheck="false"
      required
    />
    ${buttons.map(
      ({ name, label }) => html`<button name="provider" value="${name}">${label}</button>`,
    )}
  </form>`
}

function describeGrant({ client, createdAt }: PendingGrant, person: Person, now: number): Markup {
  const { surface, agent, address, country } = client
  const place = [address, country].filter((part) => part !== '').join(', ')
  const minutes = Math.max(0, Math.round((now - createdAt) / 60_000))
  return html`<dl>
    <dt>Program</dt>
    <dd>${surface === '' ? 'unknown' : surface}</dd>
    <dt>Calls itself</dt>
    <dd>${agent === '' ? 'nothing' : agent}</dd>
    <dt>Asks from</dt>
    <dd>${place === '' ? 'this machine' : place}</dd>
    <dt>Asked</dt>
    <dd>${minutes === 0 ? 'less than a minute ago' : `${minutes} min ago`}</dd>
    <dt>You are</dt>
    <dd>${person.email ?? person.subject}</dd>
  </dl>`
}
