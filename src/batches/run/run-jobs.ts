/** What providers' own batch APIs do for a slice: jobs that its first run submits, and later ones ask for. */
import { append } from '../../platform/append.ts'
import type { NativeResult } from '../native/native-api.ts'
import type { NativeJob } from '../protocol.ts'
import type { ItemRunner } from './item-runner.ts'
import type { SliceOutput } from './slice-output.ts'

/**
 * The part of a slice that native jobs do: the indices of its items, and when to poll again, in epoch
 * milliseconds.
 */
export interface NativePart {
  /** Items that are settled by jobs, or wait for one. */
  taken: ReadonlySet<number>
  /** When jobs are to be polled; undefined if there are none. */
  retryAt: number | undefined
  /** Forgets jobs that have ended; to be called when their results are committed. */
  end: () => PromiseLike<void>
}

/** The native part of a slice that no provider's batch API serves. */
export const noJobs: NativePart = {
  taken: new Set(),
  retryAt: undefined,
  end: () => Promise.resolve(),
}

interface JobTools {
  jobs: readonly NativeJob[] | undefined
  save: (jobs: NativeJob[]) => PromiseLike<void>
  output: SliceOutput
}

/** Submits jobs at the first run of a slice, and asks for their results at later ones. */
export async function runJobs(items: ItemRunner, tools: JobTools): Promise<NativePart> {
  const native = await items.native()
  const taken = new Set<number>()
  const open: NativeJob[] = []
  if (tools.jobs !== undefined) {
    for (const job of tools.jobs) {
      const state = await native.poll(job).catch(() => 'running')
      if (state === 'running') {
        open.push(job)
      } else if (typeof state !== 'string') {
        const settled = await settleJob(items, job, { results: state, output: tools.output })
        settled.forEach((index) => taken.add(index))
      }
    }
  } else if (await items.hasBudget()) {
    append(open, await native.submit(items.bodies()))
    await tools.save(open)
  }
  for (const { items: waiting } of open) {
    waiting.forEach((index) => taken.add(index))
  }
  const [next] = open.map((job) => native.nextPoll(job)).toSorted((a, b) => a - b)
  return { taken, retryAt: next, end: () => tools.save(open) }
}

/** Settles the items for which a job has a result; returns them. */
async function settleJob(
  items: ItemRunner,
  job: NativeJob,
  { results, output }: { results: ReadonlyMap<string, NativeResult>; output: SliceOutput },
): Promise<number[]> {
  const settled: number[] = []
  for (const index of job.items.filter((each) => items.isOpen(each))) {
    const result = results.get(String(index))
    const ended =
      result !== undefined && isFinal(result)
        ? await items.settle(index, job.target, result)
        : undefined
    if (ended !== undefined && 'outcome' in ended) {
      settled.push(index)
      await output.add(index, ended.outcome, ended.line)
    }
  }
  return settled
}

/** Whether a single request would be answered in the same manner: a provider that is busy would not. */
function isFinal({ status }: NativeResult): boolean {
  return status === 200 || finalErrors.has(status)
}

const finalErrors = new Set([400, 404, 413, 422])
