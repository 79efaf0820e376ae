/** Signing in with a key or a one-time link, and signing out. */
import type { Context } from 'hono'

import type { IdentitySettings } from '../../../catalog/schema/sign-in.ts'
import { redeemEntryCode } from '../../../identity/entry-link.ts'
import type { ConsoleSessions } from '../../../identity/sessions.ts'
import { SignIns } from '../../../identity/sign-ins.ts'
import { readRecordByHash } from '../../../keys/authenticate.ts'
import { hashKey, parseKey } from '../../../keys/key.ts'
import type { KeyRecord } from '../../../keys/record.ts'
import { isExpired } from '../../../keys/record.ts'
import { consolePath } from '../../console-path.ts'
import type { ConsoleEnv } from '../env.ts'
import { Document, respond } from '../parts/document.tsx'
import { readForm } from '../parts/form.ts'
import { isProtected, sessionCookie } from '../session/cookie.ts'
import { startSession } from '../session/start-session.ts'

/** `GET /console/sign-in` */
export function showSignIn(c: Context<ConsoleEnv>): Response | Promise<Response> {
  return showPage(c, { fault: undefined })
}

/** `GET /console/enter`, where a one-time link leads: a script puts the code of its fragment into the form. */
export function showEnter(c: Context<ConsoleEnv>): Response | Promise<Response> {
  return respond(
    c,
    <Document title="Enter">
      <main class="card narrow">
        <h1>Console</h1>
        <form method="post" action={`${consolePath}/session`} class="stack" data-island="enter">
          <label for="code">One-time code</label>
          <input id="code" name="code" autocomplete="one-time-code" required />
          <p class="hint">The part of the link after the #. It is valid once, for ten minutes.</p>
          <button class="primary">Enter</button>
        </form>
      </main>
    </Document>,
  )
}

/** `POST /console/session` of a `key` or a `code`. */
export function createSession(now: () => number) {
  return async function postSession(c: Context<ConsoleEnv>): Promise<Response> {
    const sessions = c.get('sessions')
    if (sessions === undefined) {
      return showPage(c, { fault: missingBinding, status: 503 })
    }
    if (!isProtected(c)) {
      return showPage(c, {
        fault: 'Open the console over HTTPS: a key must not be sent in clear text.',
        status: 400,
      })
    }
    const takeBack = await sessions.attempt(c.req.header('cf-connecting-ip') ?? 'local')
    if (takeBack === undefined) {
      return showPage(c, { fault: 'Too many attempts. Try again in ten minutes.', status: 429 })
    }
    const { key = '', code = '' } = await readForm(c)
    const found = await findKey(c, { key: key.trim(), code: code.trim() }, { sessions, now: now() })
    if (found === undefined) {
      const fault = code === '' ? 'This is not a valid key of this gateway.' : usedLink
      return showPage(c, { fault, status: 401 })
    }
    await takeBack()
    const { record, keyHash } = found
    const method = code === '' ? 'key' : 'link'
    return startSession(c, sessions, {
      subject: `key:${record.id}`,
      name: record.name,
      method,
      keyHash,
    })
  }
}

/** `POST /console/sign-out` */
export async function signOut(c: Context<ConsoleEnv>): Promise<Response> {
  await c.get('sessions')?.end(sessionCookie.read(c) ?? '')
  const { id, session } = c.get('key')
  if (session !== undefined) {
    await endOfPerson(c, id, session)
  }
  sessionCookie.remove(c)
  return c.redirect(`${consolePath}/sign-in`, 303)
}

/** `POST /console/sessions/end`: one session of the person by its id, or all of them, also those of programs. */
export async function endSessions(c: Context<ConsoleEnv>): Promise<Response> {
  const { id } = await readForm(c)
  await c.get('sessions')?.endOf(c.get('session').subject, id)
  const key = c.get('key')
  if (id === undefined && key.session !== undefined) {
    await endOfPerson(c, key.id, undefined)
  }
  return c.redirect(`${consolePath}/sessions`, 303)
}

/** Ends a session of a person who has signed in without a key, or all. */
async function endOfPerson(
  c: Context<ConsoleEnv>,
  personId: string,
  sessionId: string | undefined,
): Promise<void> {
  const { signIns } = c.get('config')
  if (signIns !== undefined) {
    await new SignIns(signIns).endSessions(personId, sessionId)
  }
}

/** Undefined also where the catalog cannot be read: a key opens the console then, to repair it. */
async function readIdentity(c: Context<ConsoleEnv>): Promise<IdentitySettings | undefined> {
  return c
    .get('getCatalog')()
    .then(
      ({ identity }) => identity,
      () => undefined,
    )
}

const missingBinding =
  'Nobody can sign in: the Durable Object binding SESSIONS is missing. Add it to wrangler.toml, and deploy.'

const usedLink =
  'This link has been used or has expired. Restart the gateway for a new one, or sign in with a key.'

async function findKey(
  c: Context<ConsoleEnv>,
  { key, code }: { key: string; code: string },
  { sessions, now }: { sessions: ConsoleSessions; now: number },
): Promise<{ record: KeyRecord; keyHash: string } | undefined> {
  const { keys } = c.get('config')
  const isKey = code === '' && parseKey(key) !== undefined
  const keyHash = isKey ? await hashKey(key) : await redeemEntryCode(keys, sessions, code, now)
  const record = keyHash === undefined ? undefined : await readRecordByHash(keys, keyHash)
  return keyHash !== undefined && record?.status === 'active' && !isExpired(record, now)
    ? { record, keyHash }
    : undefined
}

async function showPage(
  c: Context<ConsoleEnv>,
  { fault, status = 200 }: { fault: string | undefined; status?: 200 | 400 | 401 | 429 | 503 },
): Promise<Response> {
  const options = signInOptions(await readIdentity(c))
  return respond(
    c,
    <Document title="Sign in">
      <main class="card narrow">
        <h1>messages-gateway</h1>
        <p class="muted">Sign in to see your usage and limits, or to operate the gateway.</p>
        {fault !== undefined && (
          <p class="notice bad" role="alert" id="fault">
            {fault}
          </p>
        )}
        {options.map(({ label, href }) => (
          <a class="button" href={href}>
            {label}
          </a>
        ))}
        <form method="post" action={`${consolePath}/session`} class="stack">
          <input type="text" name="username" autocomplete="username" value="gateway" hidden />
          <label for="key">Key</label>
          <input
            id="key"
            name="key"
            type="password"
            autocomplete="current-password"
            placeholder="gw-…"
            required
            aria-describedby={fault === undefined ? 'key-hint' : 'fault key-hint'}
          />
          <p class="hint" id="key-hint">
            Your own key shows what is yours; a key with the scope <code>admin</code> shows all. The
            browser keeps a session of at most 12 hours, never the key.
          </p>
          <button class="primary">Sign in</button>
        </form>
      </main>
    </Document>,
    status,
  )
}

interface SignInOption {
  /** The text of the button, such as "Sign in with Okta". */
  label: string
  /** The path at which the sign-in begins, on this origin. */
  href: string
}

/** The options of the catalog's `identity`; the login page has a button for each. */
function signInOptions(identity: IdentitySettings | undefined): SignInOption[] {
  const providers = Object.entries(identity?.providers ?? {})
  return [
    ...providers.map(([name, { display_name: shown = name }]) => ({
      label: `Sign in with ${shown}`,
      href: `/oauth/sign-in?provider=${name}`,
    })),
    ...(identity?.access === undefined
      ? []
      : [{ label: 'Sign in with Cloudflare Access', href: `${consolePath}/access` }]),
  ]
}
