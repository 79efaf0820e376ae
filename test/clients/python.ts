/** A Python with the official SDK in it, kept from run to run. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { run } from './process.ts'

const version = '2.13.0'

/** The interpreter's path; makes the virtual environment where it is not there yet. */
export async function python(cache: string): Promise<string> {
  const folder = join(cache, `python-anthropic-${version}`)
  const interpreter = join(folder, 'bin/python')
  const steps: [string, string[]][] = [
    ['python3', ['-m', 'venv', folder]],
    [interpreter, ['-m', 'pip', 'install', '--quiet', `anthropic==${version}`]],
  ]
  const isReady = existsSync(interpreter)
    ? (await run({ program: interpreter, args: ['-c', 'import anthropic'] })).code === 0
    : false
  for (const [program, args] of isReady ? [] : steps) {
    const { code, stdout, stderr } = await run({ program, args, timeoutMs: 600_000 })
    if (code !== 0) {
      throw new Error(`${program} ${args.join(' ')}: ${stdout}${stderr}`)
    }
  }
  return interpreter
}
