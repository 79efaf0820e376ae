/** Programs that a test starts: run to their end, or kept until they are stopped. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Command {
  program: string
  args: readonly string[]
  env?: Record<string, string>
  cwd?: string
  /** Default two minutes. */
  timeoutMs?: number
  /** Called with each line that the program prints. */
  onLine?: (line: string) => void
}

export interface Ended {
  code: number
  stdout: string
  stderr: string
}

export interface Running {
  /** The next line of the program's output; rejects when it ends without one. */
  line: () => Promise<string>
  stop: () => Promise<void>
}

/** Runs a program to its end. Whatever it started ends with it. */
export async function run(command: Command): Promise<Ended> {
  const child = start(command)
  let [stdout, stderr, pending] = ['', '', '']
  child.stdout.on('data', (text: string) => {
    stdout += text
    const lines = (pending + text).split('\n')
    pending = lines.pop() ?? ''
    lines.forEach((line) => command.onLine?.(line))
  })
  child.stderr.on('data', (text: string) => (stderr += text))
  const timer = setTimeout(() => {
    stderr += `\nended after ${command.timeoutMs ?? defaultTimeoutMs} ms`
    end(child.pid, 'SIGKILL')
  }, command.timeoutMs ?? defaultTimeoutMs)
  const code = await new Promise<number>((resolve) => {
    child.on('error', (error) => {
      stderr += error.message
      resolve(127)
    })
    child.on('close', (status) => resolve(status ?? 1))
  })
  clearTimeout(timer)
  end(child.pid, 'SIGKILL')
  return { code, stdout, stderr }
}

/** Starts a program that runs until it is stopped. */
export function keep(command: Command): Running {
  const child = start(command)
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text: string) => (stdout += text))
  child.stderr.on('data', (text: string) => (stderr += text))
  const closed = once(child, 'close')
  const line = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const [first] = stdout.split('\n')
        if (first !== undefined && stdout.includes('\n')) {
          child.stdout.off('data', look)
          resolve(first)
        }
      }
      child.stdout.on('data', look)
      child.on('error', reject)
      child.on('close', () =>
        reject(new Error(`${command.args.join(' ')} ended: ${stderr.trim()}`)),
      )
    })
  const stop = async (): Promise<void> => {
    end(child.pid, 'SIGTERM')
    const timer = setTimeout(() => end(child.pid, 'SIGKILL'), 5000)
    await closed
    clearTimeout(timer)
    end(child.pid, 'SIGKILL')
  }
  return { line, stop }
}

const defaultTimeoutMs = 120_000

/** In a process group of its own, so that what it starts can be ended with it. */
function start({ program, args, env, cwd }: Command) {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  child.stdout.setEncoding('utf8')
  child.stderr.setEncoding('utf8')
  return child
}

function end(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (pid !== undefined) {
      process.kill(-pid, signal)
    }
  } catch {
    // The group has ended by itself.
  }
}
