/** `npm start` with sign-in at a real OpenID Connect provider. */
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startGateway } from '../../cli/run.ts'
import type { Shown } from './browser.ts'
import { Browser } from './browser.ts'
import type { OidcServer } from './oidc-server.ts'
import { clientSecret, startOidcServer } from './oidc-server.ts'

export interface SignInHarness {
  url: string
  provider: OidcServer
  /** Posts a form to the gateway. */
  post: (path: string, fields: Record<string, string>, headers?: object) => Promise<Response>
  /** Begins the device flow. */
  begin: (headers?: object) => Promise<Device>
  poll: (device: Device) => Promise<Response>
  /** The device flow from begin to end, for a person of the provider. */
  signIn: (person: string) => Promise<Tokens>
  close: () => Promise<void>
}

export interface Device {
  device_code: string
  user_code: string
  verification_uri: string
  verification_uri_complete: string
  interval: number
  expires_in: number
}

export interface Tokens {
  access_token: string
  refresh_token: string
  expires_in: number
  email: string
}

/** Starts both; `identity` has the fields beside `providers`. */
export async function startSignIn(identity: object): Promise<SignInHarness> {
  const folder = await mkdtemp(join(tmpdir(), 'messages-gateway-'))
  const port = await freePort()
  const provider = await startOidcServer(`http://127.0.0.1:${port}/oauth/callback`)
  const file = join(folder, 'catalog.json')
  const catalog = toCatalog(provider.issuer, identity)
  await writeFile(file, JSON.stringify(catalog))
  const state = join(folder, 'state')
  process.env['OIDC_SECRET'] = clientSecret
  const gateway = await startGateway('--port', `${port}`, '--catalog', file, '--state', state)
  const post: SignInHarness['post'] = (path, fields, headers = {}) =>
    fetch(`${gateway.url}${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { ...headers },
    })
  const begin: SignInHarness['begin'] = async (headers) =>
    (await post('/oauth/device_authorization', { surface: 'claude_code' }, headers)).json<Device>()
  const poll: SignInHarness['poll'] = ({ device_code }) =>
    post('/oauth/token', { grant_type: deviceGrant, device_code })
  const signIn = async (person: string): Promise<Tokens> => {
    const device = await begin()
    const browser = new Browser()
    const confirmation = await toConfirmation(browser, device, person)
    await browser.post(confirmation, { decision: 'approve' })
    return (await poll(device)).json<Tokens>()
  }
  const close = async (): Promise<void> => {
    provider.close()
    await gateway.terminate()
    await rm(folder, { recursive: true, force: true })
  }
  return { url: gateway.url, provider, post, begin, poll, signIn, close }
}

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'

/** Types the code, signs in at the provider, and comes back to the page that asks for approval. */
export async function toConfirmation(
  browser: Browser,
  { verification_uri: uri, user_code }: Pick<Device, 'verification_uri' | 'user_code'>,
  person: string,
): Promise<Shown> {
  const login = await browser.post(await browser.open(uri), { user_code, provider: 'local' })
  const consent = await browser.post(login, { login: person, password: 'any' })
  return browser.post(consent, {})
}

function toCatalog(issuer: string, identity: object): object {
  return {
    version: 1,
    providers: { demo: { preset: 'demo' } },
    models: [
      {
        id: 'claude-demo',
        targets: [{ provider: 'demo', model: 'demo' }],
        price: { input: 1, output: 1 },
      },
    ],
    aliases: { 'claude-*': 'claude-demo' },
    identity: {
      providers: { local: { issuer, client_id: 'gateway', secret: 'OIDC_SECRET' } },
      ...identity,
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
