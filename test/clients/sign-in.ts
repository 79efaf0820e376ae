/** Claude Code with a person's key: it asks the helper for one, and asks again when a key has expired. */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import type { SignInHarness, Tokens } from '../identity/sign-in/harness.ts'
import { startSignIn } from '../identity/sign-in/harness.ts'
import type { Ended } from './process.ts'
import { run } from './process.ts'
import { root } from './target.ts'

type Report = (name: string, failure: string | undefined) => void

/** Runs the checks; `cache` is where the drivers keep their packages. */
export async function runSignIn(cache: string, report: Report): Promise<void> {
  const program = join(cache, 'claude-code/node_modules/.bin/claude')
  if (!existsSync(program)) {
    console.log('Claude Code is not installed: no run with sign-in')
    return
  }
  const home = await mkdtemp(join(tmpdir(), 'messages-gateway-sign-in-'))
  const gateway = await startSignIn({
    people: [{ match: { emails: ['olga@example.com'] }, admin: true }],
  })
  try {
    const tokens = await gateway.signIn('olga')
    await storeKey(home, gateway, tokens)
    const checks = {
      'claude-code with a key helper': async () => {
        await setUp(home)
        expectPong(await askClaude(program, home))
      },
      'claude-code asks the helper again for an expired key': async () => {
        await setUp(home)
        const calls = await printFirst(home, await createExpiredKey(gateway, tokens))
        expectPong(await askClaude(program, home))
        const count = (await readFile(calls, 'utf8')).length
        if (count < 2) {
          throw new Error(`the helper was called ${count} times`)
        }
      },
    }
    for (const [name, check] of Object.entries(checks)) {
      report(name, await check().then(() => undefined, String))
    }
  } finally {
    await gateway.close()
    await rm(home, { recursive: true, force: true })
  }
}

/** Stores the key as `npm run login` does. */
async function storeKey(home: string, { url }: SignInHarness, tokens: Tokens): Promise<void> {
  const { expires_in: seconds, ...rest } = tokens
  const now = Date.now()
  const credential = { ...rest, issued_at: now, expires_at: now + seconds * 1000 }
  const folder = join(home, '.config/messages-gateway')
  await mkdir(folder, { recursive: true })
  const text = JSON.stringify({ default: url, gateways: { [url]: credential } })
  await writeFile(join(folder, 'credentials.json'), text)
}

const environment = (home: string): Record<string, string> => ({
  HOME: home,
  XDG_CONFIG_HOME: join(home, '.config'),
  CLAUDE_CONFIG_DIR: join(home, '.claude'),
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  CLAUDE_CODE_MAX_RETRIES: '2',
})

/** Runs `npm run account -- setup claude`. */
async function setUp(home: string): Promise<void> {
  const args = [join(root, 'src/cli/account.ts'), 'setup', 'claude', '--yes']
  const ended = await run({ program: process.execPath, args, env: environment(home) })
  if (ended.code !== 0) {
    throw new Error(ended.stderr)
  }
}

/** Makes the helper print a key once, before those of the command; returns the file that counts calls. */
async function printFirst(home: string, key: string): Promise<string> {
  const settings = join(home, '.claude/settings.json')
  const known: { apiKeyHelper: string } = JSON.parse(await readFile(settings, 'utf8'))
  const [calls, helper] = [join(home, 'calls'), join(home, 'helper.sh')]
  const lines = [
    '#!/bin/sh',
    `printf x >> ${calls}`,
    `if [ "$(cat ${calls})" = x ]; then echo ${key}; else ${known.apiKeyHelper}; fi`,
  ]
  await writeFile(helper, lines.join('\n'), { mode: 0o700 })
  await writeFile(settings, JSON.stringify({ ...known, apiKeyHelper: helper }))
  return calls
}

/** Creates a key, and waits until it has expired. */
async function createExpiredKey({ url }: SignInHarness, { access_token }: Tokens): Promise<string> {
  const expiresAt = Date.now() + 500
  const response = await fetch(`${url}/v1/organizations/api_keys`, {
    method: 'POST',
    headers: { 'x-api-key': access_token },
    body: JSON.stringify({ name: 'short', expires_at: new Date(expiresAt).toISOString() }),
  })
  const { key } = await response.json<{ key: string }>()
  await sleep(Math.max(0, expiresAt - Date.now()) + 1)
  return key
}

async function askClaude(program: string, home: string): Promise<Ended> {
  const work = join(home, 'work')
  await mkdir(work, { recursive: true })
  const prompt = 'Reply with exactly: PONG'
  const args = ['-p', prompt, '--model', 'claude-sonnet-4-6', '--output-format', 'json']
  return run({ program, args, cwd: work, env: environment(home) })
}

function expectPong({ stdout, stderr }: Ended): void {
  if (!/"result":"PONG"/.test(stdout)) {
    throw new Error(`no PONG in ${stdout}\n${stderr}`)
  }
}
