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

const names = ['floor', 'least', 'gateway'] as const
type Name = (typeof names)[number]
type Compared = Record<Name, Target>

interface Rate {
  perSecond: number
  /** How much of a core the Worker used. At less than all of it, the bench is what limits the rate. */
  core: number
}

/** The knee of the gateway in relation to the proxy's, and the p99 of each at half of its own knee. */
export async function measureLoad(targets: Compared, rounds: number): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const kind of kinds) {
    const knees = await findKnees(targets, kind, rounds)
    const waits = await compare(targets, rounds, async (target) => {
      const name = names.find((each) => targets[each] === target)!
      return p99(await runAt(target, toRequest(target, kind), knees[name].perSecond / 2))
    })
    const atKnee = `${kind.name} at the knee`
    figures.push(
      toFigure(
        atKnee,
        (name) => knees[name].perSecond,
        (name) => describe(knees[name]),
      ),
      toFigure(`${atKnee}, CPU`, (name) => toCpuMs(knees[name])),
      toFigure(`${kind.name}, p99 at half of it`, (name) => toMedian(waits, name)),
    )
  }
  return figures
}

/** The gateway's value over the floor's, and those of all. */
function toFigure(
  name: string,
  valueOf: (name: Name) => number,
  describeOne = (of: Name): string => `${valueOf(of).toFixed(2)} ms`,
): Figure {
  const [floor, least, gateway] = [
    describeOne('floor'),
    describeOne('least'),
    describeOne('gateway'),
  ]
  const note = `${gateway} to ${floor}; the least ${least}`
  return { name, unit: '×', value: valueOf('gateway') / valueOf('floor'), note }
}

/** The highest of the rates that the numbers of connections have reached. */
async function findKnees(
  targets: Compared,
  kind: Kind,
  rounds: number,
): Promise<Record<Name, Rate>> {
  const none = { perSecond: 0, core: 0 }
  const knees = { floor: none, least: none, gateway: none }
  for (const connections of steps) {
    const results = await compare(targets, rounds, (target) =>
      runWith(target, toRequest(target, kind), connections),
    )
    for (const name of names) {
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

function toMedian(rounds: readonly Round<number>[], name: Name): number {
  return median(rounds.map((round) => round[name]!))
}

function describe({ perSecond, core }: Rate): string {
  return `${perSecond.toFixed(0)}/s (${(core * 100).toFixed(0)} % of a core)`
}
