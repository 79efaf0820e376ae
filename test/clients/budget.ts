/**
 * Claude Code on a budget: parallel sessions of one key, none of which is refused by mistake, and what it
 * shows its user at 75 %, 95 % and 100 %.
 */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Catalog } from '../../src/catalog/schema/catalog.ts'
import type { Ended } from './process.ts'
import { run } from './process.ts'
import { root, startGateway } from './target.ts'

type Report = (name: string, failure: string | undefined) => void

interface Session {
  url: string
  key: string
  /** Environment variables beside the usual ones. */
  more?: Record<string, string>
}

const sessions = 4

/** Runs the checks; `cache` is where the drivers keep their packages. */
export async function runOnBudget(cache: string, report: Report): Promise<void> {
  const program = join(cache, 'claude-code/node_modules/.bin/claude')
  if (!existsSync(program)) {
    console.log('Claude Code is not installed: no run on a budget')
    return
  }
  const folder = await mkdtemp(join(tmpdir(), 'messages-gateway-budget-'))
  const catalog = join(folder, 'catalog.json')
  await writeFile(catalog, JSON.stringify(await priceCatalog()))
  const gateway = await startGateway(catalog)
  const ask = (prompt: string, session: Omit<Session, 'url'>): Promise<Ended> =>
    askClaude(program, prompt, { folder, url: gateway.url, ...session })
  const checks = {
    'claude-code in parallel on a budget': () => checkParallel(gateway.state, ask),
    'claude-code near the end of a budget': () => checkNotices(gateway.state, ask),
  }
  try {
    for (const [name, check] of Object.entries(checks)) {
      report(name, await check().then(() => undefined, String))
    }
  } finally {
    await gateway.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

type Ask = (prompt: string, session: Omit<Session, 'url'>) => Promise<Ended>

/** Each request may cost more than the budget has: its max_tokens alone are worth about a dollar. */
async function checkParallel(state: string, ask: Ask): Promise<void> {
  const { key } = await createKey(state, '1/day')
  const numbers = Array.from({ length: sessions }, (_, index) => index)
  const ended = await Promise.all(
    numbers.map((number) => ask(`Reply with exactly: PONG-${number}`, { key })),
  )
  numbers.forEach((number) => expectOutput(ended[number], `PONG-${number}`))
}

async function checkNotices(state: string, ask: Ask): Promise<void> {
  const { id, key } = await createKey(state, '10/day')
  const more = { CLAUDE_CODE_USE_GATEWAY: '1' }
  for (const [usd, notice] of [
    ['7.6', '"status":"allowed_warning".*"surpassedThreshold":0.75'],
    ['2', '"status":"allowed_warning".*"surpassedThreshold":0.95'],
    ['1', '"status":"rejected".*"period":"daily"'],
  ] as const) {
    await runKeys('adjust', id, '--usd', usd, '--why', 'test', '--state', state)
    const ended = await ask('Reply with exactly: PONG', { key, more })
    expectOutput(ended, `"rate_limit_event".*${notice}`)
  }
  expectOutput(
    await ask('Reply with exactly: PONG', { key }),
    String.raw`has reached its budget of \$10\.00 a day`,
  )
  expectOutput(
    await ask('/usage', { key, more }),
    String.raw`Spend limit: \$10\.\d\d / \$10\.00 spent today \(100%\)`,
  )
}

async function askClaude(
  program: string,
  prompt: string,
  { folder, url, key, more }: Session & { folder: string },
): Promise<Ended> {
  const home = await mkdtemp(join(folder, 'home-'))
  await mkdir(join(home, 'work'))
  const form = prompt.startsWith('/') ? [] : ['--output-format', 'stream-json', '--verbose']
  return run({
    program,
    args: ['-p', prompt, '--model', 'claude-sonnet-4-6', ...form],
    cwd: join(home, 'work'),
    env: {
      HOME: home,
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_AUTH_TOKEN: key,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      // Any refusal is then seen.
      CLAUDE_CODE_MAX_RETRIES: '0',
      ...more,
    },
    timeoutMs: 120_000,
  })
}

function expectOutput(ended: Ended | undefined, pattern: string): void {
  const said = ended === undefined ? '' : `${ended.stdout}\n${ended.stderr}`
  if (!new RegExp(pattern).test(said)) {
    throw new Error(`no ${pattern} in ${said}`)
  }
}

async function createKey(state: string, budget: string): Promise<{ id: string; key: string }> {
  const args = ['create', '--name', 'budget', '--budget', budget, '--json', '--state', state]
  return JSON.parse(await runKeys(...args))
}

async function runKeys(...args: string[]): Promise<string> {
  const ended = await run({
    program: process.execPath,
    args: [join(root, 'src/cli/keys.ts'), ...args],
    cwd: root,
  })
  if (ended.code !== 0) {
    throw new Error(ended.stderr)
  }
  return ended.stdout
}

/** The shipped catalog at the price of a good model. */
async function priceCatalog(): Promise<Catalog> {
  const shipped: Catalog = JSON.parse(await readFile(join(root, 'catalog.json'), 'utf8'))
  const price = { input: 3, output: 15 }
  return { ...shipped, models: shipped.models.map((model) => ({ ...model, price })) }
}
