import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Gateway } from '../run.ts'
import { ask, run, startGateway } from '../run.ts'

/** Generous, for a machine under load. */
const timeout = 120_000

/** The guide whose commands are run, in order, against one gateway. */
const guide = await readFile('docs/guides/keys-and-budgets.md', 'utf8')
const section = /<!-- keys -->(.*?)<!-- \/keys -->/s.exec(guide)?.[1] ?? ''
const commands = [...section.matchAll(/```bash\n(.*?)```/gs)].flatMap(([, block = '']) =>
  block.trim().split('\n'),
)

let folder: string
let gateway: Gateway
/** What the placeholders of the guide stand for. */
const names = { ID: '', ADMIN_KEY: '', URL: '' }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'messages-gateway-test-'))
  gateway = await startGateway('--state', folder)
  names.URL = gateway.url
}, timeout)

afterAll(async () => {
  await gateway.interrupt()
  await rm(folder, { recursive: true, force: true })
}, timeout)

/** Runs a line as it stands in a shell, with the placeholders filled in and the state of this test. */
async function shell(line: string): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const filled = line
    .replace(/\b(ID|URL)\b/g, (name) => names[name as keyof typeof names])
    .replace(/^npm run (keys|usage) -- /, `npm run --silent $1 -- --state '${folder}' `)
    .replace(/^(npm run --silent keys -- )(--state '[^']*' )((?:groups )?\w+)/, '$1$3 $2')
    .replace(/^curl /, 'curl --fail-with-body --silent --show-error --globoff ')
  const child = spawn('sh', ['-c', filled], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      GATEWAY_ADMIN_KEY: names.ADMIN_KEY,
      PATH: `${resolve('node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
    },
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text
  })
  const [code] = await once(child, 'close')
  return { code, ...said }
}

/** What must be true after a command, beside its success. */
const outcomes: Record<string, (stdout: string) => Promise<void>> = {
  async create(stdout) {
    const [key = ''] = /gw-\w+-\w+/.exec(stdout) ?? []
    names.ID = key.slice(3, 13)
    expect(await ask(gateway, key)).toBe(200)
  },
  async root(stdout) {
    const { key }: { key: string } = JSON.parse(stdout)
    names.ADMIN_KEY = key
    // The key before has been revoked; the rest uses a fresh one, which has something to report.
    const made = await run(
      'keys',
      'create',
      '--name',
      'bob',
      '--strict',
      '--json',
      '--state',
      folder,
    )
    const bob: { id: string; key: string } = JSON.parse(made.stdout)
    names.ID = bob.id
    expect(await ask(gateway, bob.key)).toBe(200)
  },
  async rotate(stdout) {
    const [key = ''] = /gw-\w+-\w+/.exec(stdout) ?? []
    expect(key.slice(3, 13)).toBe(names.ID)
    expect(await ask(gateway, key)).toBe(200)
  },
  async list(stdout) {
    expect(stdout).toContain(names.ID)
  },
  async revoke(stdout) {
    expect(stdout).toContain(`Revoked ${names.ID}.`)
  },
  async usage(stdout) {
    expect(stdout).toMatch(/claude-demo|demo|\d{4}-\d\d-\d\d|alice|a-session/)
  },
}

function outcomeOf(line: string): string {
  if (line.includes('--scopes admin')) {
    return 'root'
  }
  return /^npm run (?:keys -- (\w+)|(usage))/.exec(line)?.slice(1).find(Boolean) ?? ''
}

describe('the guide to keys and budgets', { timeout }, () => {
  test('the guide to keys and budgets has commands for every step in the life of a key', () => {
    expect(commands.length).toBeGreaterThan(15)
  })

  test.each(commands)(
    'the guide to keys and budgets has a command that works: %s',
    async (line) => {
      const { code, stdout, stderr } = await shell(line)
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
      await outcomes[outcomeOf(line)]?.(stdout)
    },
  )
})
