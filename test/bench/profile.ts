/** Where the gateway's CPU goes, as V8's sampling profiler sees it. */
import type { Burst } from './burst.ts'
import { runBurst } from './burst.ts'
import { openInspector } from './runtime/inspector.ts'
import { startWorkerd } from './runtime/workerd.ts'
import type { Setup } from './setup.ts'

interface ProfileNode {
  id: number
  callFrame: { functionName: string; lineNumber: number }
  children?: number[]
}

interface Profile {
  /** The root is the first. */
  nodes: ProfileNode[]
  samples: number[]
  timeDeltas: number[]
}

/** The functions with the most time, one a line. Kernel and workerd count as `(program)`. */
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

/** Each function's own time, and its time with all that it calls, in percent of what was not idle. */
function toReport({ nodes, samples, timeDeltas }: Profile): string {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const own = new Map<number, number>()
  samples.forEach((id, index) => own.set(id, (own.get(id) ?? 0) + timeDeltas[index]!))
  const times = new Map<string, { own: number; inclusive: number }>()
  const visit = (node: ProfileNode, callers: ReadonlySet<string>): number => {
    const name = toName(node)
    const self = own.get(node.id) ?? 0
    const called = (node.children ?? []).map((id) =>
      visit(byId.get(id)!, new Set([...callers, name])),
    )
    const inclusive = called.reduce((sum, time) => sum + time, self)
    const time = times.get(name) ?? { own: 0, inclusive: 0 }
    // A function that calls itself counts once.
    const counted = callers.has(name) ? 0 : inclusive
    times.set(name, { own: time.own + self, inclusive: time.inclusive + counted })
    return inclusive
  }
  const all = visit(nodes[0]!, new Set())
  const total = all - (times.get('(idle):-1')?.own ?? 0)
  const percent = (time: number): string => ((time / total) * 100).toFixed(1).padStart(5)
  return [...times]
    .filter(([name]) => name !== '(idle):-1' && name !== '(root):-1')
    .sort(([, a], [, b]) => b.inclusive - a.inclusive)
    .slice(0, 60)
    .map(([name, time]) => `${percent(time.inclusive)} % ${percent(time.own)} %  ${name}`)
    .join('\n')
}

function toName({ callFrame }: ProfileNode): string {
  return `${callFrame.functionName || '(anonymous)'}:${callFrame.lineNumber}`
}
