/** What a request leaves behind for the collector. */
import { runBurst } from '../burst.ts'
import type { Figure } from '../figures.ts'
import { limits } from '../figures.ts'
import { openInspector } from '../runtime/inspector.ts'
import type { Target } from '../target.ts'

const requests = 1000

/** https://chromedevtools.github.io/devtools-protocol/v8/HeapProfiler/#type-SamplingHeapProfileNode */
interface Node {
  selfSize: number
  children: Node[]
}

/**
 * Memory that the frequent, cheap collections of young objects could not take back after a request: it
 * lies there until one goes through all of the heap, which takes tens of milliseconds. Sampled, and
 * with what was young at the end. Wants an inspector.
 */
export async function measureKept(target: Target): Promise<Figure> {
  const ask = async (): Promise<void> => {
    const spec = { pace: 'coalesced', chunks: 20 } as const
    await runBurst(target, { spec, stream: false, requests, connections: 1 })
  }
  await ask()
  const inspector = await openInspector(target.workerd)
  await inspector.call('HeapProfiler.startSampling', {
    samplingInterval: 2048,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: false,
  })
  await ask()
  const { profile } = (await inspector.call('HeapProfiler.stopSampling')) as {
    profile: { head: Node }
  }
  inspector.close()
  return {
    name: 'kept of a request until all memory is searched',
    unit: ' KiB',
    limit: limits.keptKib,
    value: sizeOf(profile.head) / requests / 1024,
    note: `${requests} plain requests, sampled`,
  }
}

function sizeOf({ selfSize, children }: Node): number {
  return children.reduce((sum, child) => sum + sizeOf(child), selfSize)
}
