/** Another gateway beside this one: both in front of the same stub, in turns. */
import type { Burst } from '../burst.ts'
import { runBurst } from '../burst.ts'
import type { Targets } from '../compare.ts'
import { compare, median, toRatio } from '../compare.ts'
import type { Figure } from '../figures.ts'
import type { Target } from '../target.ts'

const plain = {
  spec: { pace: 'coalesced', chunks: 20 },
  stream: false,
  requests: 50,
  connections: 1,
} as const
const streams = {
  'many a write': {
    spec: { pace: 'coalesced', chunks: 1000 },
    stream: true,
    requests: 2,
    connections: 1,
  },
  'one in 10 ms on 20 streams': {
    spec: { pace: 'steady', chunks: 100 },
    stream: true,
    requests: 20,
    connections: 20,
  },
} as const satisfies Record<string, Burst>

/** Each figure is the gateway's, as a part of the peer's. */
export async function measurePeer(targets: Targets, rounds: number): Promise<Figure[]> {
  const cpu = async (target: Target, burst: Burst, units: number): Promise<number> =>
    ((await runBurst(target, burst)).cpuMs * 1000) / units
  const requests = await compare(targets, rounds, (target) => cpu(target, plain, plain.requests))
  const waits = await compare(targets, rounds, async (target) => {
    const { exchanges } = await runBurst(target, plain)
    return median(exchanges.map(({ totalMs }) => totalMs * 1000))
  })
  const figures: Figure[] = [
    { name: 'request, CPU over the peer', unit: '×', ...toRatio(requests, 'peer') },
    { name: 'request, p50 over the peer', unit: '×', ...toRatio(waits, 'peer') },
  ]
  for (const [name, burst] of Object.entries(streams)) {
    const chunks = burst.requests * burst.spec.chunks
    const costs = await compare(targets, rounds, (target) => cpu(target, burst, chunks))
    figures.push({
      name: `chunk, ${name}, CPU over the peer`,
      unit: '×',
      ...toRatio(costs, 'peer'),
    })
  }
  return figures
}
