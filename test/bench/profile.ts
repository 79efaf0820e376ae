/** Where the gateway's CPU goes, as V8's sampling profiler sees it. */
import type { Burst } from './burst.ts'
import { runBurst } from './burst.ts'
import { openInspector } from './inspector.ts'
import type { Setup } from './setup.ts'
import { startWorkerd } from './workerd.ts'

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; lineNumber: number } }[]
  samples: number[]
  timeDeltas: number[]
}

/** The functions with the most time of their own, one a line. Kernel and workerd count as `(program)`. */
export async function profile({ workers, asGateway }: Setup, burst: Burst): Promise<string> {
  const workerd = await startWorkerd(workers.gateway, { inspect: true })
  const target = asGateway(workerd)
  const inspector = await openInspector(workerd)
  await runBurst(target, burst)
  await inspector.call('Profiler.enable')
  await inspector.call('Profiler.setSamplingInterval', { interval: 100 })
  await inspector.call('Profiler.start')
  await runBurst(target, { ...burst, requests: burst.requests * 4 })
  const { profile: recorded } = (await inspector.call('Profiler.stop')) as { profile: Profile }
  inspector.close()
  return toReport(recorded)
}

function toReport({ nodes, samples, timeDeltas }: Profile): string {
  const names = new Map(
    nodes.map(({ id, callFrame }) => [
      id,
      `${callFrame.functionName || '(anonymous)'}:${callFrame.lineNumber}`,
    ]),
  )
  const times = new Map<string, number>()
  samples.forEach((id, index) => {
    const name = names.get(id) ?? '?'
    times.set(name, (times.get(name) ?? 0) + timeDeltas[index]!)
  })
  times.delete('(idle):-1')
  const total = [...times.values()].reduce((sum, time) => sum + time, 0)
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 40)
    .map(([name, time]) => `${((time / total) * 100).toFixed(1).padStart(5)} %  ${name}`)
    .join('\n')
}
