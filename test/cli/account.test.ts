/** The commands of a person who signs in, as processes, against `npm start` and a real provider. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Ended } from '../clients/process.ts'
import { run } from '../clients/process.ts'
import { Browser } from '../identity/sign-in/browser.ts'
import type { SignInHarness } from '../identity/sign-in/harness.ts'
import { startSignIn, toConfirmation } from '../identity/sign-in/harness.ts'

let gateway: SignInHarness
let home: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'messages-gateway-home-'))
  gateway = await startSignIn({ people: [{ match: { domains: ['example.com'] } }] })
}, 60_000)

afterAll(async () => {
  await gateway.close()
  await rm(home, { recursive: true, force: true })
})

const file = (): string => join(home, 'messages-gateway/credentials.json')

function account(...args: string[]): Promise<Ended> {
  return accountWith({}, ...args)
}

function accountWith(
  { onLine = () => {} }: { onLine?: (line: string) => void },
  ...args: string[]
): Promise<Ended> {
  const env = { XDG_CONFIG_HOME: home, CLAUDE_CONFIG_DIR: home }
  return run({ program: process.execPath, args: ['src/cli/account.ts', ...args], env, onLine })
}

async function login(person: string): Promise<Ended> {
  const begun = { verification_uri: `${gateway.url}/device` }
  let approval: Promise<unknown> = Promise.resolve()
  const onLine = (line: string): void => {
    const [, code] = /^Code +(\S+)$/.exec(line) ?? []
    if (code !== undefined) {
      approval = approve({ ...begun, user_code: code }, person)
    }
  }
  const ended = await accountWith({ onLine }, 'login', gateway.url)
  await approval
  return ended
}

async function approve(
  device: { verification_uri: string; user_code: string },
  person: string,
): Promise<void> {
  const browser = new Browser()
  await browser.post(await toConfirmation(browser, device, person), { decision: 'approve' })
}

/** Stores a key as `login` does, which waits 5 seconds before it asks for it. */
async function store(person: string): Promise<void> {
  const { expires_in: seconds, ...tokens } = await gateway.signIn(person)
  const now = Date.now()
  const credential = { ...tokens, issued_at: now, expires_at: now + seconds * 1000 }
  const gateways = { [gateway.url]: credential }
  await writeFile(file(), JSON.stringify({ default: gateway.url, gateways }, null, 2))
}

const statusOf = async (key: string): Promise<number> =>
  (await fetch(`${gateway.url}/v1/models`, { headers: { 'x-api-key': key } })).status

/** Makes the stored key look as if it had ended. */
async function expireStored(): Promise<void> {
  const text = await readFile(file(), 'utf8')
  await writeFile(file(), text.replace(/"expires_at": \d+/, `"expires_at": ${Date.now() - 1000}`))
}

describe('the account command', { timeout: 60_000 }, () => {
  test('the account command explains what to do before a sign-in', async () => {
    expect(await account('token')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'You are not signed in. Run: npm run login -- URL\n',
    })
  })

  test('the account command signs in by a code, and prints a key that the gateway accepts', async () => {
    const { code, stdout } = await login('ada')
    expect([code, stdout]).toEqual([0, expect.stringContaining('signed in as ada@example.com')])
    expect((await stat(file())).mode & 0o777).toBe(0o600)
    const printed = await account('token')
    expect(printed.stdout).toMatch(/^gw-\S+\n$/)
    expect(await statusOf(printed.stdout.trim())).toBe(200)
  })

  test('the account command renews a key that ends once, however many ask for it', async () => {
    await store('ben')
    const before = (await account('token')).stdout
    await expireStored()
    const all = await Promise.all([1, 2, 3].map(() => account('token')))
    const keys = new Set(all.map(({ stdout }) => stdout))
    expect(keys.size).toBe(1)
    expect(keys).not.toContain(before)
    // A refresh token that is used twice would have ended the session.
    expect(await statusOf([...keys].join('').trim())).toBe(200)
  })

  test('the account command reports that a session has ended', async () => {
    await store('carl')
    const key = (await account('token')).stdout.trim()
    await gateway.post('/oauth/revoke', { token: key })
    await expireStored()
    expect(await account('token')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`has ended. Sign in again: npm run login -- ${gateway.url}`),
    })
  })

  test('the account command writes the settings of Claude Code once it may, and leaves others alone', async () => {
    await store('dora')
    const settings = join(home, 'settings.json')
    await writeFile(settings, '{"model":"opus","env":{"A":"1"}}')
    const refused = await account('setup', 'claude')
    expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('+ apiKeyHelper')])
    expect(await readFile(settings, 'utf8')).toBe('{"model":"opus","env":{"A":"1"}}')

    expect((await account('setup', 'claude', '--yes')).code).toBe(0)
    const written: { apiKeyHelper: string } = JSON.parse(await readFile(settings, 'utf8'))
    expect(written).toEqual({
      model: 'opus',
      env: { A: '1', ANTHROPIC_BASE_URL: gateway.url },
      apiKeyHelper: expect.stringContaining(`token --url ${gateway.url}`),
    })
    const helped = await run({
      program: 'sh',
      args: ['-c', written.apiKeyHelper],
      env: { XDG_CONFIG_HOME: home },
    })
    expect(await statusOf(helped.stdout.trim())).toBe(200)
    expect((await account('setup', 'claude')).stdout).toContain('already names this gateway')
  })

  test('the account command ends the session at the gateway when it signs out', async () => {
    await store('eve')
    const key = (await account('token')).stdout.trim()
    expect((await account('logout')).code).toBe(0)
    expect(await statusOf(key)).toBe(401)
    expect((await account('token')).code).toBe(1)
  })

  test('the account command names a gateway without sign-in', async () => {
    const ended = await account('login', 'http://127.0.0.1:1')
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('Could not connect')])
    expect((await account('login', 'gateway')).code).toBe(2)
  })
})
