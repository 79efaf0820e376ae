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

/** Runs `wrangler …` in the project and collects its output. */
export type RunWrangler = (args: readonly string[]) => Promise<Finished>

export const runWrangler: RunWrangler = (args) =>
  new Promise((settle, refuse) => {
    const script = join(
      dirname(createRequire(import.meta.url).resolve('wrangler/package.json')),
      'bin/wrangler.js',
    )
    const child = spawn(process.execPath, [script, ...args], {
      cwd: projectRoot,
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
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
