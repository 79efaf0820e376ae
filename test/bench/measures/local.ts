/** What `npm start` makes a request wait, in relation to bare workerd. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startEngine } from '../../../src/cli/platform/engine.ts'
import { openClient } from '../client.ts'
import { compare, median, toRatio } from '../compare.ts'
import type { Figure } from '../figures.ts'
import { limits } from '../figures.ts'
import { startWorkerd } from '../runtime/workerd.ts'
import type { Setup } from '../setup.ts'

const requests = 100

/** The p50 of plain requests: both keep a ledger in the same process. */
export async function measureLocal(
  { workers, asGateway, seed }: Setup,
  rounds: number,
): Promise<Figure> {
  const state = await mkdtemp(join(tmpdir(), 'gateway-bench-state-'))
  const engine = await startEngine({ port: 0, state, secrets: {}, writeLog: () => undefined })
  const workerd = await startWorkerd(workers.ledger)
  try {
    await seed(engine)
    const floor = asGateway(workerd)
    const gateway = asGateway({ ...workerd, port: Number(new URL(engine.url).port) })
    const results = await compare({ floor, gateway }, rounds, async (target) => {
      const client = await openClient(target.workerd.port)
      const request = target.toRequest({ pace: 'coalesced', chunks: 20 }, false)
      const times: number[] = []
      for (let asked = 0; asked < requests; asked++) {
        const exchange = await client.send(request)
        exchange.readBody()
        times.push(exchange.totalMs * 1000)
      }
      client.close()
      return median(times)
    })
    return {
      name: 'npm start, p50 over bare workerd',
      unit: '×',
      limit: limits.local,
      ...toRatio(results),
    }
  } finally {
    await engine.close()
    await workerd.stop()
    await rm(state, { recursive: true, force: true })
  }
}
