/**
 * `npm run bench`: what the gateway costs beside an identity proxy in the same bare workerd. Needs
 * Linux, whose /proc has the time that threads have spent on a CPU.
 *
 *   --check          measure only what is a ratio, and exit with 1 if a limit of those is broken, also when it
 *                    is measured again
 *   --only A,B       only these measures: see `measures` below
 *   --rounds N       rounds of each comparison (default 9)
 *   --module FILE    measure this built Worker (its entry, with modules beside it) instead of building one
 *   --peer URL       instead, measure another gateway of this machine beside this one: started by you, with
 *                    all models `bench-*` sent to chat completions at the stub of --stub-port
 *   --peer-key KEY   the key that the peer takes as `x-api-key`
 *   --peer-pid PID   the peer's process, with all of its threads
 *   --stub-port N    the port of the stub upstream (default: a free one)
 *   --profile KIND   instead, say in which functions the CPU goes: coalesced, single, drip, steady, plain or
 *                    session
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

import type { Burst } from './burst.ts'
import { agentSession } from './conversation.ts'
import type { Figure } from './figures.ts'
import { isBroken, isRatio, limits, toTable } from './figures.ts'
import { hostileBodies } from './hostile-bodies.ts'
import { measureChunks, measurePassedChunks, measureSteady } from './measures/chunks.ts'
import { measureKept } from './measures/garbage.ts'
import { measureBeside, measureBody, measureCrowd } from './measures/hostile.ts'
import { measureLedger } from './measures/ledger.ts'
import { measureLoad } from './measures/load.ts'
import { measureLocal } from './measures/local.ts'
import { measureLong } from './measures/long.ts'
import {
  measureGrowth,
  measureLeak,
  measureLiveSessions,
  measureLiveStreams,
  measureOpenStreams,
} from './measures/memory.ts'
import { measurePeer } from './measures/peer.ts'
import {
  measureBooked,
  measureFirstText,
  measurePlain,
  measureSession,
} from './measures/requests.ts'
import { measureColdStart, measureNewDialect } from './measures/start.ts'
import { profile } from './profile.ts'
import type { Bundle } from './runtime/bundle.ts'
import { buildBundle, openBundle } from './runtime/bundle.ts'
import { leaveCoreZero } from './runtime/process.ts'
import { startWorkerd } from './runtime/workerd.ts'
import type { Setup } from './setup.ts'
import { createSetup, startTargets } from './setup.ts'
import type { Target } from './target.ts'
import { messagesTarget } from './target.ts'
import { readModelName } from './upstream/spec.ts'

const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string', default: '9' },
    module: { type: 'string' },
    peer: { type: 'string' },
    'peer-key': { type: 'string', default: '' },
    'peer-pid': { type: 'string' },
    'stub-port': { type: 'string', default: '0' },
    profile: { type: 'string' },
  },
})

const measures = [
  'bundle',
  'start',
  'chunks',
  'steady',
  'plain',
  'local',
  'booked',
  'ledger',
  'first',
  'session',
  'long',
  'load',
  'garbage',
  'memory',
  'growth',
  'passed',
  'beside',
  'crowd',
  'bodies',
]

/** What `--check` measures. */
const checked = ['start', 'chunks', 'steady', 'plain', 'local', 'long']

/** How often `--check` measures again what is above its limit: a machine may have been busy for a moment. */
const repetitions = 2

async function run(): Promise<Figure[]> {
  leaveCoreZero()
  const minify = options.profile === undefined
  const bundle =
    options.module === undefined
      ? await buildBundle({ minify })
      : openBundle(resolve(options.module))
  const setup = await createSetup(bundle, Number(options['stub-port']))
  try {
    if (options.profile !== undefined) {
      console.log(await profile(setup, toBurst(options.profile)))
      return []
    }
    return options.peer === undefined
      ? await measureAll(bundle, setup)
      : await measureWithPeer(setup, options.peer)
  } finally {
    setup.stop()
    bundle.remove()
  }
}

/** Only these two are measured: the peer's limits are its own. */
async function measureWithPeer({ workers, asGateway }: Setup, url: string): Promise<Figure[]> {
  const pid = Number(options['peer-pid'])
  if (!Number.isInteger(pid)) {
    throw new TypeError('--peer-pid is needed: the process whose CPU is measured')
  }
  const workerd = {
    pid,
    port: Number(new URL(url).port),
    inspectorPort: undefined,
    stop: async () => {},
  }
  const peer = messagesTarget(workerd, options['peer-key'], 'bench')
  const gateway = asGateway(await startWorkerd(workers.gateway))
  return measurePeer({ peer, gateway }, Number(options.rounds))
}

async function measureAll(bundle: Bundle, setup: Setup): Promise<Figure[]> {
  const wanted = new Set(options.only?.split(',') ?? (options.check ? checked : measures))
  const rounds = Number(options.rounds)
  const { workers, asGateway, asOther } = setup
  const targets = await startTargets(setup)
  const figures: Figure[] = []
  const measure = async (name: string, work: () => Promise<Figure | Figure[]>): Promise<void> => {
    if (!wanted.has(name)) {
      return
    }
    let measured = [await work()].flat()
    for (let left = options.check ? repetitions : 0; left > 0 && isOver(measured); left -= 1) {
      measured = [await work()].flat()
    }
    figures.push(...measured)
  }
  /** In a process of its own, where what came before has left nothing. */
  const apart = async (
    work: (target: Target, other: Target) => Promise<Figure | Figure[]>,
    { inspect = false, worker = workers.bounded } = {},
  ) => {
    const workerd = await startWorkerd(worker, { inspect })
    const made = await work(asGateway(workerd), asOther(workerd))
    await workerd.stop()
    return [made].flat()
  }

  await measure('bundle', async () => toBundleFigure(bundle))
  await measure('start', async () => {
    const spec = { pace: 'coalesced', chunks: 1 } as const
    const usual = targets.translated.gateway.toRequest(spec, false)
    const other = targets.passed.gateway.toRequest(spec, false)
    return [
      ...(await measureColdStart(workers, usual, rounds)),
      await measureNewDialect(workers.gateway, { usual, other }, rounds),
    ]
  })
  await measure('chunks', () => measureChunks(targets.translated, rounds))
  await measure('steady', () => measureSteady(targets.translated, rounds))
  await measure('plain', () => measurePlain(targets.plain, rounds))
  await measure('local', () => measureLocal(setup, rounds))
  await measure('booked', () => measureBooked(targets.booked, rounds))
  await measure('ledger', () => measureLedger(targets.waits, rounds))
  await measure('first', () => measureFirstText(targets.translated, rounds))
  await measure('session', () => measureSession(targets.translated, rounds))
  await measure('long', () => measureLong(targets.translated, rounds))
  await measure('load', () => measureLoad(targets.translated, rounds))
  await measure('garbage', () => apart(measureKept, { inspect: true }))
  await measure('memory', async () => [
    ...(await apart(measureOpenStreams)),
    ...(await apart(measureOpenStreams, { worker: workers.gateway })).map(withoutLimit),
    ...(await apart(measureLiveStreams, { inspect: true })),
    ...(await apart(measureLiveSessions, { inspect: true })),
  ])
  await measure('growth', async () => [
    ...(await apart(measureGrowth)),
    ...(await apart(measureLeak, { inspect: true })),
  ])
  await measure('passed', async () => [
    ...(await measurePassedChunks('passed through', targets.passed, rounds)),
    ...(await measurePassedChunks('passed through and renamed', targets.renamed, rounds)),
  ])
  await measure('beside', () => apart(measureBeside, { worker: workers.gateway }))
  await measure('crowd', () => apart(measureCrowd))
  await measure('bodies', async () => {
    const bodies: Figure[] = []
    for (const name of Object.keys(hostileBodies)) {
      const least = await startWorkerd(workers.least)
      bodies.push(...(await apart((target) => measureBody(target, asGateway(least), name))))
      await least.stop()
    }
    return bodies
  })
  return figures
}

/** Whether a ratio is above its limit. */
function isOver(figures: readonly Figure[]): boolean {
  return figures.filter(isRatio).some(isBroken)
}

/** Without a limit V8 lets garbage lie for as long as there is memory. */
function withoutLimit({ unit, value, note }: Figure): Figure {
  return { name: 'the same, with a heap that may grow', unit, value, note }
}

function toBurst(kind: string): Burst {
  const one = { spec: { pace: 'coalesced', chunks: 20 }, stream: false, connections: 1 } as const
  if (kind === 'session') {
    return { ...one, requests: 50, conversation: agentSession }
  }
  return kind === 'plain'
    ? { ...one, requests: 500 }
    : { spec: readModelName(`${kind}-1000`), stream: true, requests: 40, connections: 8 }
}

function toBundleFigure({ startKib, gzippedKib }: Bundle): Figure {
  const note = `npm run bundle; all modules are ${gzippedKib.toFixed(0)} KiB gzipped`
  return {
    name: 'modules at the start',
    unit: ' KiB',
    limit: limits.startKib,
    value: startKib,
    note,
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(1))
}
const figures = await run()
console.log(toTable(figures))
// What is still running ends with this process.
process.exit(options.check && isOver(figures) ? 1 : 0)
