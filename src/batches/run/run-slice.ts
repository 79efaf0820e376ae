/** Runs one slice of a batch: from the claim to the release. */
import type { Catalog } from '../../catalog/schema/catalog.ts'
import { toInputPrefix, toOutputPrefix } from '../../store/owner/object-names.ts'
import { openBatches } from '../bindings.ts'
import type { NativeJob, SliceMessage } from '../protocol.ts'
import { findHolder } from './holder.ts'
import type { RunTools } from './item-runner.ts'
import { ItemRunner } from './item-runner.ts'
import { noJobs, runJobs } from './run-jobs.ts'
import { SliceOutput } from './slice-output.ts'
import { SliceRun } from './slice-run.ts'
import { toWaitMs } from './verdict.ts'

/** Items that run at once for a provider, unless the catalog sets another. */
const defaultConcurrency = 4

/** Runs the slice, if it is still to be run. Throws if it cannot be read or its results not be written. */
export async function runSlice({ batch: id, slice }: SliceMessage, tools: RunTools): Promise<void> {
  const { services, config } = tools
  const { objects, batches } = await openBatches(config)
  const batch = batches.getByName(id)
  const claim = await batch.claim(slice)
  if (claim === undefined) {
    return
  }
  let retryAt: number | undefined = services.now() + toWaitMs(claim.tries)
  let hasProgress = false
  try {
    const holder = await findHolder(config, claim.key, services.now())
    if (holder === 'revoked') {
      await batch.cancel()
    } else if (holder !== 'disabled') {
      const lines = readLines(await objects.read(`${toInputPrefix(id)}${slice}`))
      const catalog = await tools.loadCatalog()
      const items = new ItemRunner(tools, { batch: id, claim, holder, catalog, lines })
      const run: SliceRun = new SliceRun({
        tries: claim.tries,
        pauses: claim.pauses,
        concurrencyOf: (name) => catalog.providers[name]?.batch_concurrency ?? defaultConcurrency,
        now: services.now,
        run: (item) => items.run(item),
        onSettled: (...settled) => output.add(...settled),
      })
      const held = { slice, token: claim.token }
      const output = new SliceOutput({
        objects,
        prefix: toOutputPrefix(id),
        ...held,
        commit: (progress) => batch.commit(progress),
        pauses: () => run.pauses,
        onStop: () => run.stop(),
      })
      const save = (jobs: NativeJob[]): PromiseLike<void> => batch.setJobs(held, jobs)
      const native = usesNative(catalog)
        ? await runJobs(items, { jobs: claim.jobs, save, output })
        : noJobs
      const rest = items.list().filter(({ index }) => !native.taken.has(index))
      retryAt = earliest(await run.run(rest), native.retryAt)
      await output.end()
      await native.end()
      hasProgress = run.settled > 0 || native.taken.size > 0
    }
  } finally {
    await batch.release({ slice, token: claim.token }, { retryAt, hasProgress })
  }
}

function usesNative({ providers }: Catalog): boolean {
  return Object.values(providers).some(({ batch }) => batch === 'native')
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)
}

/** The lines of a slice's object. */
function readLines(bytes: Uint8Array | undefined): Uint8Array[] {
  if (bytes === undefined) {
    throw new Error('the requests of a slice are missing')
  }
  const lines: Uint8Array[] = []
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0x0a, start)
    lines.push(bytes.subarray(start, end === -1 ? bytes.length : end))
    start = end === -1 ? bytes.length : end + 1
  }
  return lines
}
