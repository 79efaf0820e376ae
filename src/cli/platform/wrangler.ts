/** Runs Wrangler: for the bundle that would be deployed, and for KV in the account. */
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'

/** The directory that contains wrangler.toml. */
export const projectRoot = resolve(import.meta.dirname, '../../..')

/** The result of a child process. */
export interface Finished {
  code: number
  stdout: string
  stderr: string
}

/** The standard input and additional environment of a Wrangler command. */
export interface WranglerOptions {
  /** What Wrangler reads from its standard input, such as the value of a secret. */
  input?: string
  /** Variables on top of this process's environment. */
  env?: Readonly<Record<string, string>>
}

/** Runs `wrangler …` in the project and collects its output. */
export type RunWrangler = (args: readonly string[], options?: WranglerOptions) => Promise<Finished>

/** Most of a run is the compilation of Wrangler, whose results are kept for the next one. */
const wranglerEnv = {
  WRANGLER_SEND_METRICS: 'false',
  NO_COLOR: '1',
  NODE_COMPILE_CACHE: join(projectRoot, 'node_modules/.cache/compiled'),
}

/** Runs the project's own Wrangler and resolves to its output; rejects with what it printed if it fails. */
export const runWrangler: RunWrangler = (args, { input, env } = {}) =>
  new Promise((settle, refuse) => {
    const script = join(
      dirname(createRequire(import.meta.url).resolve('wrangler/package.json')),
      'bin/wrangler.js',
    )
    const child = spawn(process.execPath, [script, ...args], {
      cwd: projectRoot,
      // Below this level Wrangler does not print what it was asked for.
      env: { ...wranglerEnv, ...process.env, WRANGLER_LOG: 'log', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    // Wrangler may end without reading it.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', refuse)
    child.on('close', (code) => settle({ code: code ?? 1, stdout, stderr }))
  })

/** Loads Wrangler as a library. Its log level must be set first: otherwise it prints to stdout while it reads files. */
export async function importWrangler() {
  process.env['WRANGLER_LOG'] ??= 'error'
  process.env['WRANGLER_SEND_METRICS'] ??= 'false'
  return import('wrangler')
}
