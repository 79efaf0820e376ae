/** All that runs while the bench does: the stub upstream, and Workers in front of it. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import type { Engine } from '../../src/cli/platform/engine.ts'
import { createFixture } from './fixture.ts'
import type { Bundle } from './runtime/bundle.ts'
import type { Worker, Workerd } from './runtime/workerd.ts'
import { startWorkerd } from './runtime/workerd.ts'
import type { Target } from './target.ts'
import { chatTarget, messagesTarget } from './target.ts'

export interface Setup {
  /**
   * How to start each. The gateway is measured without its Durable Object, which in production is a
   * process elsewhere; `ledger` has it beside, and `bounded` is the gateway with as much memory as an
   * isolate has in production. `idle` is an empty Worker with the gateway's modules beside it.
   */
  workers: Record<
    'gateway' | 'bounded' | 'ledger' | 'identity' | 'least' | 'calls' | 'empty' | 'idle',
    Worker
  >
  /** A running Worker, asked as the gateway is. */
  asGateway: (workerd: Workerd, prefix?: string) => Target
  /** The same, with another key. */
  asOther: (workerd: Workerd) => Target
  /** The same, with a key that has limits. */
  asLimited: (workerd: Workerd) => Target
  /** Puts the same keys and catalog into the KV of `npm start`. */
  seed: (engine: Engine) => Promise<void>
  stop: () => void
}

/** https://developers.cloudflare.com/workers/platform/limits/ */
const maxHeapMib = 128

/** Starts the stub, on a free port for port 0, and says how to start the rest. */
export async function createSetup(bundle: Bundle, stubPort = 0): Promise<Setup> {
  const stub = fork(join(import.meta.dirname, 'upstream', 'stub.ts'), [String(stubPort)])
  const [port] = (await once(stub, 'message')) as [number]
  const upstreamUrl = `http://127.0.0.1:${port}`
  const { key, otherKey, limitedKey, kv } = await createFixture(upstreamUrl)
  const { compatibilityDate, compatibilityFlags, modules, objects } = bundle
  const vars = { UPSTREAM: upstreamUrl }
  const base = { compatibilityDate, compatibilityFlags, kv, vars, objects: {} }
  const own = (name: string): Pick<Worker, 'modules'> => ({
    modules: [join(import.meta.dirname, 'workers', `${name}.js`)],
  })
  return {
    workers: {
      gateway: { ...base, modules },
      bounded: { ...base, modules, maxHeapMib },
      ledger: { ...base, modules, objects },
      identity: { ...base, ...own('identity') },
      least: { ...base, ...own('least') },
      calls: { ...base, ...own('calls') },
      empty: { ...base, ...own('empty') },
      idle: { ...base, modules: [...own('empty').modules, ...modules] },
    },
    asGateway: (workerd, prefix = 'bench') => messagesTarget(workerd, key, prefix),
    asOther: (workerd) => messagesTarget(workerd, otherKey, 'bench'),
    asLimited: (workerd) => messagesTarget(workerd, limitedKey, 'bench'),
    seed: (engine) => seed(engine, kv),
    stop: () => stub.disconnect(),
  }
}

async function seed(engine: Engine, kv: Worker['kv']): Promise<void> {
  for (const name of ['KEYS', 'CATALOG'] as const) {
    const namespace = await engine.kv(name)
    for (const [key, { value }] of Object.entries(kv[name] ?? {})) {
      await namespace.put(key, value)
    }
  }
}

/** Starts what is compared: answers that are translated, the same with the ledger, and answers that pass through. */
export async function startTargets({ workers, asGateway, asLimited }: Setup) {
  const identity = await startWorkerd(workers.identity)
  const gateway = await startWorkerd(workers.gateway)
  const least = asGateway(await startWorkerd(workers.least))
  const ledger = await startWorkerd(workers.ledger)
  const calls = chatTarget(await startWorkerd(workers.calls))
  const passed = asGateway(identity, 'passed')
  const translated = { floor: chatTarget(identity), least, gateway: asGateway(gateway) }
  return {
    translated,
    plain: { ...translated, calls },
    booked: { floor: chatTarget(identity), gateway: asGateway(ledger) },
    waits: { none: asGateway(gateway), unlimited: asGateway(ledger), limited: asLimited(ledger) },
    passed: { floor: passed, gateway: asGateway(gateway, 'passed') },
    renamed: { floor: passed, gateway: asGateway(gateway, 'renamed') },
  }
}
