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
  /** Ends it as Ctrl-C does; its exit code. */
  stop: (signal?: NodeJS.Signals) => Promise<number | null>
}

/** `npm start -- --json --port 0 …`, ready. */
export async function startGateway(...args: string[]): Promise<Gateway> {
  const child = spawn(process.execPath, ['src/cli/start.ts', '--json', '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const exited = once(child, 'exit')
  const line = once(createInterface(child.stdout), 'line')
  const first: unknown = await Promise.race([
    line.then(([text]: unknown[]) => text),
    exited.then(() => undefined),
  ])
  if (typeof first !== 'string') {
    throw new Error(`the gateway did not start: ${stderr}`)
  }
  const { url, key }: { url: string; key: string } = JSON.parse(first)
  return {
    url,
    key,
    stop: async (signal = 'SIGINT') => {
      child.kill(signal)
      const [code]: (number | null)[] = await exited
      return code ?? null
    },
  }
}
