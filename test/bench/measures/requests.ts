/** What one request costs, and how long it makes a client wait. */
import { runBurst } from '../burst.ts'
import type { Round, Targets } from '../compare.ts'
import { compare, median, toExcess, toRatio } from '../compare.ts'
import { agentSession } from '../conversation.ts'
import type { Figure } from '../figures.ts'
import { limits } from '../figures.ts'
import type { Target } from '../target.ts'
import { wordsOf } from '../upstream/answers.ts'

const plainRequests = 150

/** A request runs through more code than a stream of a thousand chunks, and each part but once. */
const warmUpRounds = 10

/** A small request that is answered in one piece. */
export async function measurePlain(targets: Targets, rounds: number): Promise<Figure[]> {
  const { cpu, cpuRatio, p50 } = await measureRequest(targets, rounds)
  return [
    { name: 'request, CPU over the proxy', unit: '×', limit: limits.plain, ...cpuRatio },
    { name: 'request, CPU', ...cpu },
    { name: 'request, p50', ...p50 },
  ]
}

/** The same with the ledger in the same process; without a limit. */
export async function measureBooked(targets: Targets, rounds: number): Promise<Figure[]> {
  const { cpu, p50 } = await measureRequest(targets, rounds)
  return [
    { name: 'request and ledger, CPU', ...cpu },
    { name: 'request and ledger, p50', ...p50 },
  ]
}

/** A small request, in milliseconds over the floor, and in relation to it. */
export async function measureRequest(
  targets: Targets,
  rounds: number,
): Promise<
  Record<'cpu' | 'p50', Pick<Figure, 'unit' | 'value' | 'note'>> &
    Record<'cpuRatio' | 'p50Ratio', Pick<Figure, 'value' | 'note'>>
> {
  const ask = async (target: Target): Promise<Record<'cpu' | 'p50', number>> => {
    const { cpuMs, exchanges } = await runBurst(target, {
      spec: { pace: 'coalesced', chunks: 20 },
      stream: false,
      requests: plainRequests,
      connections: 1,
    })
    return { cpu: cpuMs / plainRequests, p50: median(exchanges.map(({ totalMs }) => totalMs)) }
  }
  const results = await compare(targets, rounds, ask, warmUpRounds)
  const only = (what: 'cpu' | 'p50'): Round<number>[] =>
    results.map((round) =>
      Object.fromEntries(Object.entries(round).map(([name, sample]) => [name, sample[what]])),
    )
  const unit = ' ms'
  const microseconds = (what: 'cpu' | 'p50'): Round<number>[] =>
    only(what).map((round) =>
      Object.fromEntries(Object.entries(round).map(([name, ms]) => [name, ms * 1000])),
    )
  return {
    cpu: { unit, ...toExcess(only('cpu')) },
    cpuRatio: toRatio(microseconds('cpu')),
    p50: { unit, ...toExcess(only('p50')) },
    p50Ratio: toRatio(microseconds('p50')),
  }
}

/** The next request of a long session; without a limit. */
export async function measureSession(targets: Targets, rounds: number): Promise<Figure[]> {
  const measure = async (stream: boolean) => {
    const burst = { spec: { pace: 'coalesced', chunks: 20 }, conversation: agentSession } as const
    const requests = 20
    const results = await compare(targets, rounds, async (target) => {
      const { cpuMs } = await runBurst(target, { ...burst, stream, requests, connections: 1 })
      return cpuMs / requests
    })
    return { unit: ' ms', ...toExcess(results) }
  }
  return [
    { name: 'request of 400 KiB, CPU', ...(await measure(false)) },
    { name: 'request of 400 KiB, CPU, as a stream', ...(await measure(true)) },
  ]
}

/** How much later the first text of a stream is with the client. */
export async function measureFirstText(targets: Targets, rounds: number): Promise<Figure> {
  const results = await compare(targets, rounds, async (target) => {
    const { exchanges } = await runBurst(target, {
      spec: { pace: 'first', chunks: 20 },
      stream: true,
      requests: 40,
      connections: 1,
      lookFor: `"${wordsOf(1)[0]}"`,
    })
    return median(exchanges.map(({ firstMs }) => firstMs))
  })
  return { name: 'first text', unit: ' ms', limit: limits.firstEventMs, ...toExcess(results) }
}
