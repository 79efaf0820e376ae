/** All that runs while the bench does: the stub upstream, and Workers in front of it. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import type { Bundle } from './bundle.ts'
import { createFixture } from './fixture.ts'
import type { Target } from './target.ts'
import { chatTarget, messagesTarget } from './target.ts'
import type { Worker, Workerd } from './workerd.ts'
import { startWorkerd } from './workerd.ts'

export interface Setup {
  /** How to start each; all have the same bindings. */
  workers: { gateway: Worker; identity: Worker; empty: Worker }
  /** A running Worker, asked as the gateway is. */
  asGateway: (workerd: Workerd, prefix?: string) => Target
  stop: () => void
}

/** Starts the stub, and says how to start the rest. */
export async function createSetup(bundle: Bundle): Promise<Setup> {
  const stub = fork(join(import.meta.dirname, 'upstream', 'stub.ts'))
  const [port] = (await once(stub, 'message')) as [number]
  const upstreamUrl = `http://127.0.0.1:${port}`
  const { key, kv } = await createFixture(upstreamUrl)
  const { compatibilityDate, compatibilityFlags, module } = bundle
  const base = { compatibilityDate, compatibilityFlags, kv, vars: { UPSTREAM: upstreamUrl } }
  const own = (name: string): string => join(import.meta.dirname, 'workers', `${name}.js`)
  return {
    workers: {
      gateway: { ...base, module },
      identity: { ...base, module: own('identity') },
      empty: { ...base, module: own('empty') },
    },
    asGateway: (workerd, prefix = 'bench') => messagesTarget(workerd, key, prefix),
    stop: () => stub.disconnect(),
  }
}

/** Both sides of every comparison, running. */
export async function startPairs({ workers, asGateway }: Setup) {
  const identity = await startWorkerd(workers.identity)
  const gateway = await startWorkerd(workers.gateway)
  const floor = asGateway(identity, 'passed')
  return {
    translated: { floor: chatTarget(identity), gateway: asGateway(gateway) },
    passed: { floor, gateway: asGateway(gateway, 'passed') },
    renamed: { floor, gateway: asGateway(gateway, 'renamed') },
  }
}
