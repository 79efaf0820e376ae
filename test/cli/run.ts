/** The commands as a person runs them: processes of their own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

interface Finished {
  code: number | null
  stdout: string
  stderr: string
}

/** `npm run NAME -- …`, without npm. */
export async function run(name: string, ...args: string[]): Promise<Finished> {
  const child = spawn(process.execPath, [`src/cli/${name}.ts`, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const finished = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    finished.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    finished.stderr += text
  })
  const [code]: (number | null)[] = await once(child, 'close')
  return { code: code ?? null, ...finished }
}

export interface Gateway {
  url: string
  key: string
  /** The process group of the shell and all that it started. */
  group: number
  /** Ctrl-C: to the shell and all that it started. Done when all of it has ended. */
  interrupt: () => Promise<void>
  /** What npm does when it is ended: to the shell alone. Done when all of it has ended. */
  terminate: () => Promise<void>
  /** The end without a warning: of the shell and all that it started. */
  kill: () => Promise<void>
}

/** Sends a short message with a key, as a session of Claude Code; the status of the answer. */
export async function ask({ url }: Pick<Gateway, 'url'>, key: string): Promise<number> {
  const response = await fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: {
      'x-api-key': key,
      'content-type': 'application/json',
      'x-claude-code-session-id': 'a-session',
    },
    body: JSON.stringify({
      model: 'claude-demo',
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Reply with exactly: pong' }],
    }),
  })
  await response.arrayBuffer()
  return response.status
}

/** `npm start -- --json --port 0 …`, ready. As npm does it: with a shell between. */
export async function startGateway(...args: string[]): Promise<Gateway> {
  const command = `"${process.execPath}" src/cli/start.ts --json --port 0 --no-discover "$@"; exit $?`
  const child = spawn('sh', ['-c', command, 'sh', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, npm_lifecycle_event: 'start' },
    // A group of its own, as a terminal makes one: Ctrl-C reaches all of it.
    detached: true,
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  // Its output closes when the last of its processes has ended.
  const closed = once(child, 'close')
  const first: unknown = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([text]: unknown[]) => text),
    closed,
  ])
  if (typeof first !== 'string') {
    throw new Error(`the gateway did not start: ${stderr}`)
  }
  const { url, key }: { url: string; key: string } = JSON.parse(first)
  return {
    url,
    key,
    group: child.pid ?? Number.NaN,
    interrupt: async () => {
      process.kill(-(child.pid ?? Number.NaN), 'SIGINT')
      await closed
    },
    kill: async () => {
      process.kill(-(child.pid ?? Number.NaN), 'SIGKILL')
      await closed
    },
    terminate: async () => {
      child.kill('SIGTERM')
      await closed
    },
  }
}
