/** The client drivers beside the repository: pinned real clients, each of which does one thing and checks it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { run } from './process.ts'
import type { Target } from './target.ts'

/** By the package that must be installed for them. */
const standard: Record<string, readonly string[]> = {
  sdk: ['sdk', 'sdk-tool-runner', 'sdk-errors', 'sdk-batches-files'],
  'sdk-0': ['sdk-0', 'sdk-0-tool-runner'],
  'ai-sdk': ['ai-sdk'],
  'claude-code': [
    'claude-code',
    'claude-code-authtoken',
    'claude-code-session',
    'claude-code-models',
    'claude-code-badkey',
    'claude-code-badmodel',
  ],
}

const further: Record<string, readonly string[]> = {
  'agent-sdk': ['agent-sdk'],
  'ai-sdk-6': ['ai-sdk-6'],
  langchain: ['langchain'],
  opencode: ['opencode'],
  pi: ['pi'],
  cline: ['cline'],
}

const folder = join(import.meta.dirname, '../../../shared/clients/drivers')

/** Whether the drivers are there at all. */
export function haveDrivers(): boolean {
  return existsSync(join(folder, 'run-all.mjs'))
}

export interface DriverRun {
  /** Packages are kept here from run to run. */
  cache: string
  all: boolean
  jobs: number
  /** Drivers by name; none means the standard ones. */
  names: readonly string[]
}

/** Installs what the drivers need, runs them, and reports each as it ends. */
export async function runDrivers(
  target: Target,
  wanted: DriverRun,
  report: (name: string, failure: string | undefined) => void,
): Promise<void> {
  const groups = { ...standard, ...(wanted.all || wanted.names.length > 0 ? further : {}) }
  const names = wanted.names.length > 0 ? wanted.names : Object.values(groups).flat()
  const packages = Object.keys(groups).filter((name) =>
    names.some((driver) => packageOf(driver, Object.keys(groups)) === name),
  )
  const env = {
    PKGS: wanted.cache,
    BASE_URL: target.url,
    API_KEY: target.key,
    MODEL: target.model,
    STRICT: '1',
    TIMEOUT_MS: '60000',
  }
  await install(['node24', ...packages], env)
  const unreported = new Set(names)
  const ended = await run({
    program: process.execPath,
    args: [join(folder, 'run-all.mjs'), '--jobs', String(wanted.jobs), ...names],
    env,
    timeoutMs: 1_800_000,
    onLine: (line) => {
      const [, name, verdict, detail = ''] = /^(\S+) (ok|FAIL) ?(.*)$/.exec(line) ?? []
      if (name !== undefined && unreported.delete(name)) {
        report(name, verdict === 'ok' ? undefined : detail)
      }
    },
  })
  unreported.forEach((name) => report(name, `did not run: ${ended.stderr}`))
}

/** `sdk-0-tool-runner` belongs to `sdk-0`, not to `sdk`. */
function packageOf(driver: string, packages: readonly string[]): string | undefined {
  return packages
    .filter((name) => driver === name || driver.startsWith(`${name}-`))
    .toSorted((a, b) => b.length - a.length)[0]
}

async function install(packages: readonly string[], env: Record<string, string>): Promise<void> {
  const { code, stderr } = await run({
    program: process.execPath,
    args: [join(folder, 'setup.mjs'), ...packages],
    env,
    timeoutMs: 1_800_000,
    onLine: (line) => {
      if (!line.endsWith(' present')) {
        console.log(line)
      }
    },
  })
  if (code !== 0) {
    throw new Error(`the clients could not be installed: ${stderr}`)
  }
}
