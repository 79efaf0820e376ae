/** What a request costs in `npm start`, in relation to bare workerd. */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { startEngine } from '../../../src/cli/platform/engine.ts'
import type { Figure } from '../figures.ts'
import { limits } from '../figures.ts'
import { childrenNamed, moveToCoreZero } from '../runtime/process.ts'
import { folders, startWorkerd } from '../runtime/workerd.ts'
import type { Setup } from '../setup.ts'
import { measureRequest } from './requests.ts'

/**
 * Plain requests: both keep a ledger in the same process. What differs is not measured where bare workerd has it
 * too: the core, and the folder of its objects.
 */
export async function measureLocal(
  { workers, asGateway, seed }: Setup,
  rounds: number,
): Promise<Figure[]> {
  const state = await mkdtemp(join(folders, 'gateway-bench-state-'))
  const engine = await startEngine({ port: 0, state, secrets: {}, writeLog: () => undefined })
  const [pid = Number.NaN] = childrenNamed('workerd')
  moveToCoreZero(pid)
  const workerd = await startWorkerd(workers.ledger)
  try {
    await seed(engine)
    const floor = asGateway(workerd)
    const gateway = asGateway({ ...workerd, pid, port: Number(new URL(engine.url).port) })
    const { cpuRatio, p50Ratio } = await measureRequest({ floor, gateway }, rounds)
    const common = { unit: '×', limit: limits.local }
    return [
      { name: 'npm start, p50 over bare workerd', ...common, ...p50Ratio },
      { name: 'npm start, CPU over bare workerd', ...common, ...cpuRatio },
    ]
  } finally {
    await engine.close()
    await workerd.stop()
    await rm(state, { recursive: true, force: true })
  }
}
