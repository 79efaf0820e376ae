/** The gateway of this checkout, started for a run on a state directory of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

import { UserError } from '../platform/run-command.ts'
import { projectRoot } from '../platform/wrangler.ts'

interface RunningGateway {
  url: string
  key: string
}

/** Starts `npm start` on a free port, uses it, and ends it. */
export async function withLocalGateway<Value>(
  args: readonly string[],
  use: (gateway: RunningGateway) => Promise<Value>,
): Promise<Value> {
  const state = await mkdtemp(join(tmpdir(), 'messages-gateway-conformance-'))
  const script = resolve(projectRoot, 'src/cli/start.ts')
  const child = spawn(
    process.execPath,
    [script, '--json', '--port', '0', '--state', state, ...args],
    // Its log lines are not for this command's output.
    { cwd: projectRoot, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const closed = once(child, 'close')
  try {
    const line: unknown = await Promise.race([
      once(createInterface(child.stdout), 'line').then(([text]: unknown[]) => text),
      closed,
    ])
    if (typeof line !== 'string') {
      throw new UserError('The gateway did not start. Run npm start to see why.')
    }
    const gateway: RunningGateway = JSON.parse(line)
    return await use(gateway)
  } finally {
    child.kill('SIGTERM')
    await closed
    await rm(state, { recursive: true, force: true })
  }
}
