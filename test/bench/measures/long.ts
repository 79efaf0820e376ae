/** What a request of a long session costs, by its length. */
import { runBurst } from '../burst.ts'
import type { Targets } from '../compare.ts'
import { compare, toRatio } from '../compare.ts'
import { agentSession, sessionOf } from '../conversation.ts'
import type { Figure } from '../figures.ts'
import { limits } from '../figures.ts'

/** The largest is just below the maximal length of a body, 32 MiB. */
const sizes = [
  { name: '400 KiB', conversation: agentSession, requests: 20, limit: limits.long },
  { name: '4 MiB', conversation: sessionOf(1040), requests: 5, limit: limits.longer },
  { name: '31 MiB', conversation: sessionOf(8040), requests: 1, limit: limits.longest },
]

/** CPU over that of the least Worker that translates, which parses and serializes once and checks nothing. */
export async function measureLong(targets: Targets, rounds: number): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const { name, conversation, requests, limit } of sizes) {
    const results = await compare(targets, rounds, async (target) => {
      const { cpuMs } = await runBurst(target, {
        spec: { pace: 'coalesced', chunks: 20 },
        conversation,
        stream: false,
        requests,
        connections: 1,
      })
      return (cpuMs * 1000) / requests
    })
    const ratio = toRatio(results, 'least')
    figures.push({
      name: `request of ${name}, CPU over the least`,
      unit: '×',
      limit,
      ...ratio,
    })
  }
  return figures
}
