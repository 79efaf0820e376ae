/** How many requests a second one isolate answers, and how long they wait at half of that. */
import { openClient } from '../client.ts'
import type { Round } from '../compare.ts'
import { compare, median } from '../compare.ts'
import type { Figure } from '../figures.ts'
import { cpuMs } from '../runtime/process.ts'
import type { Target } from '../target.ts'
import type { Spec } from '../upstream/spec.ts'

/** Connections at once: the knee is where more of them bring no more answers. */
const steps = [1, 4, 16, 64]
const stepMs = 500
/** Long enough for a p99 of some hundred requests. */
const pacedMs = 2000

interface Kind {
  name: string
  spec: Spec
  stream: boolean
}

const kinds: Kind[] = [
  { name: 'plain requests', spec: { pace: 'coalesced', chunks: 20 }, stream: false },
  { name: 'streams of 200 chunks', spec: { pace: 'coalesced', chunks: 200 }, stream: true },
]

interface Pair {
  floor: Target
  gateway: Target
}

interface Rate {
  perSecond: number
  /** How much of a core the Worker used. At less than all of it, the bench is what limits the rate. */
  core: number
}

/** The knee of the gateway in relation to the proxy's, and the p99 of both at half of their own knees. */
export async function measureLoad(pair: Pair, rounds: number): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const kind of kinds) {
    const knees = await findKnees(pair, kind, rounds)
    const waits = await compare(pair, rounds, async (target) => {
      const { perSecond } = target === pair.floor ? knees.floor : knees.gateway
      return p99(await runAt(target, toRequest(target, kind), perSecond / 2))
    })
    const [proxyMs, ownMs] = [toMedian(waits, 'floor'), toMedian(waits, 'gateway')]
    figures.push(
      {
        name: `${kind.name} at the knee`,
        unit: '×',
        value: knees.gateway.perSecond / knees.floor.perSecond,
        note: `${describe(knees.gateway)} to ${describe(knees.floor)}`,
      },
      {
        name: `${kind.name} at the knee, CPU`,
        unit: '×',
        value: toCpuMs(knees.gateway) / toCpuMs(knees.floor),
        note: `${toCpuMs(knees.gateway).toFixed(2)} ms to ${toCpuMs(knees.floor).toFixed(2)} ms`,
      },
      {
        name: `${kind.name}, p99 at half of it`,
        unit: '×',
        value: ownMs / proxyMs,
        note: `${ownMs.toFixed(1)} ms to ${proxyMs.toFixed(1)} ms`,
      },
    )
  }
  return figures
}

/** The highest of the rates that the numbers of connections have reached. */
async function findKnees(
  pair: Pair,
  kind: Kind,
  rounds: number,
): Promise<Record<keyof Pair, Rate>> {
  const knees = { floor: { perSecond: 0, core: 0 }, gateway: { perSecond: 0, core: 0 } }
  for (const connections of steps) {
    const results = await compare(pair, rounds, (target) =>
      runWith(target, toRequest(target, kind), connections),
    )
    for (const name of ['floor', 'gateway'] as const) {
      const rates = results.map((round) => round[name]!)
      const perSecond = median(rates.map((rate) => rate.perSecond))
      if (perSecond > knees[name].perSecond) {
        knees[name] = { perSecond, core: median(rates.map((rate) => rate.core)) }
      }
    }
  }
  return knees
}

/** The rate of answers, each connection sending its next request as soon as it has an answer. */
async function runWith(target: Target, request: Buffer, connections: number): Promise<Rate> {
  const { pid, port } = target.workerd
  const clients = await Promise.all(Array.from({ length: connections }, () => openClient(port)))
  const start = performance.now()
  const cpuBefore = cpuMs(pid)
  let answers = 0
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() < start + stepMs) {
        await client.send(request)
        answers += 1
      }
      client.close()
    }),
  )
  const ms = performance.now() - start
  return { perSecond: (answers * 1000) / ms, core: (cpuMs(pid) - cpuBefore) / ms }
}

/**
 * Sends at a steady rate, whether or not earlier requests were answered. Returns the milliseconds from
 * when each request was due to its answer, so that a queue counts.
 */
async function runAt(target: Target, request: Buffer, perSecond: number): Promise<number[]> {
  const clients = await Promise.all(
    Array.from({ length: Math.max(...steps) }, () => openClient(target.workerd.port)),
  )
  const start = performance.now()
  const times: number[] = []
  let next = 0
  const total = Math.ceil((perSecond * pacedMs) / 1000)
  await Promise.all(
    clients.map(async (client) => {
      while (next < total) {
        const dueAt = start + (next++ * 1000) / perSecond
        const earlyMs = dueAt - performance.now()
        if (earlyMs > 0) {
          await new Promise((resolve) => setTimeout(resolve, earlyMs))
        }
        await client.send(request)
        times.push(performance.now() - dueAt)
      }
      client.close()
    }),
  )
  return times
}

/** CPU of one request at the knee. */
function toCpuMs({ perSecond, core }: Rate): number {
  return (core * 1000) / perSecond
}

function toRequest(target: Target, { spec, stream }: Kind): Buffer {
  return target.toRequest(spec, stream)
}

function p99(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1]!
}

function toMedian(rounds: readonly Round<number>[], name: keyof Pair): number {
  return median(rounds.map((round) => round[name]!))
}

function describe({ perSecond, core }: Rate): string {
  return `${perSecond.toFixed(0)}/s (${(core * 100).toFixed(0)} % of a core)`
}
