/**
 * What a key's ledger makes its requests wait: nothing without limits, one call with them. Requests come
 * with pauses between them: here the ledger books in the process of the Worker, in production elsewhere.
 */
import { setTimeout as wait } from 'node:timers/promises'

import { openClient } from '../client.ts'
import { compare, median, toExcess } from '../compare.ts'
import type { Figure } from '../figures.ts'
import type { Target } from '../target.ts'

const requests = 200
const pauseMs = 4

export interface LedgerTargets {
  /** The gateway without the binding. */
  none: Target
  /** With it, asked with a key that has no limits. */
  unlimited: Target
  /** And with a key that has rates and a budget. */
  limited: Target
}

/** p50 and p99, over those without a ledger. */
export async function measureLedger(
  { none, unlimited, limited }: LedgerTargets,
  rounds: number,
): Promise<Figure[]> {
  return [
    ...(await measureWaits('a key without limits', none, unlimited, rounds)),
    ...(await measureWaits('a key with limits', none, limited, rounds)),
  ]
}

async function measureWaits(
  name: string,
  floor: Target,
  gateway: Target,
  rounds: number,
): Promise<Figure[]> {
  const samples = await compare({ floor, gateway }, rounds, askApart)
  return (['p50', 'p99'] as const).map((what) => {
    const figures = samples.map((round) => ({
      floor: round.floor?.[what] ?? Number.NaN,
      gateway: round.gateway?.[what] ?? Number.NaN,
    }))
    return { name: `${name}, ${what} over no ledger`, unit: ' ms', ...toExcess(figures) }
  })
}

/** One after the other, each when the one before has been booked. */
async function askApart(target: Target): Promise<{ p50: number; p99: number }> {
  const client = await openClient(target.workerd.port)
  const request = target.toRequest({ pace: 'coalesced', chunks: 20 }, false)
  const times: number[] = []
  for (let asked = 0; asked < requests; asked++) {
    const exchange = await client.send(request)
    exchange.readBody()
    times.push(exchange.totalMs)
    await wait(pauseMs)
  }
  client.close()
  return { p50: median(times), p99: times.toSorted((a, b) => a - b)[Math.floor(requests * 0.99)]! }
}
