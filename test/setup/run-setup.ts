/** `npm run setup -- --yes`, as CI runs it, against Cloudflare's API on this machine. */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'

import type { CloudflareApi } from './cloudflare-api.ts'

export interface SetupRun {
  code: number | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  api: CloudflareApi
  /** The folder of keys that have not been shown. */
  state: string
  args?: readonly string[]
  env?: Readonly<Record<string, string>>
  /** Receives the process when it has started. */
  onStart?: (child: ChildProcess) => void
}

/** Runs it until it ends. */
export async function runSetup({
  api,
  state,
  args = [],
  env = {},
  onStart,
}: RunOptions): Promise<SetupRun> {
  const child = spawn(
    process.execPath,
    ['src/cli/setup.ts', '--yes', '--url', api.host.url, '--state', state, ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: an interruption ends Wrangler, too.
      detached: true,
      env: {
        PATH: process.env['PATH'],
        HOME: state,
        CLOUDFLARE_API_BASE_URL: api.url,
        CLOUDFLARE_API_TOKEN: 'token-of-ci',
        ...env,
      },
    },
  )
  onStart?.(child)
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text
    })
  }
  const [code]: (number | null)[] = await once(child, 'close')
  return { code: code ?? null, ...output }
}
