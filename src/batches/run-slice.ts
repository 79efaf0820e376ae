/** Runs one slice of a batch: from the claim to the release. */
import { toErrorReply } from '../anthropic/error.ts'
import type { Failure } from '../anthropic/error.ts'
import { asString } from '../anthropic/json.ts'
import type { Catalog } from '../catalog/schema.ts'
import { answerWhole } from '../exchange/answer-whole.ts'
import type { Config } from '../exchange/config.ts'
import { toRequestFailure } from '../exchange/failure-response.ts'
import { prepareAnswer } from '../exchange/prepare-answer.ts'
import { Exchange } from '../exchange/record/exchange.ts'
import type { RequestBody } from '../exchange/request/body.ts'
import type { Services } from '../exchange/request/services.ts'
import { toInputPrefix, toOutputPrefix } from '../store/owner/object-names.ts'
import { ClientConnection } from '../streaming/client-connection.ts'
import { RequestTimers } from '../streaming/timers.ts'
import { openBatches } from './bindings.ts'
import type { Holder } from './holder.ts'
import { findHolder } from './holder.ts'
import type { Claim, SliceMessage } from './protocol.ts'
import { checkParams, readLine } from './read-item.ts'
import { toErroredLine, toSucceededLine } from './results.ts'
import { SliceOutput } from './slice-output.ts'
import type { ItemOutcome, SliceItem } from './slice-run.ts'
import { SliceRun } from './slice-run.ts'
import { judgeItem, toWaitMs } from './verdict.ts'

export interface RunTools {
  services: Services
  config: Config
  loadCatalog: () => Promise<Catalog>
  waitUntil: (promise: Promise<unknown>) => void
  /** Has an exchange logged, charged and counted. */
  record: (exchange: Exchange, status: number) => void
}

/** Items that run at once for a provider, unless the catalog says otherwise. */
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
      const output = new SliceOutput({
        objects,
        prefix: toOutputPrefix(id),
        slice,
        token: claim.token,
        commit: (progress) => batch.commit(progress),
        pauses: () => run.pauses,
        onStop: () => run.stop(),
      })
      const run = new SliceRun({
        items: items.list(),
        tries: claim.tries,
        pauses: claim.pauses,
        concurrencyOf: (name) => catalog.providers[name]?.batch_concurrency ?? defaultConcurrency,
        now: services.now,
        run: (item) => items.run(item),
        onSettled: (...settled) => output.add(...settled),
      })
      retryAt = await run.run()
      await output.end()
      hasProgress = run.settled > 0
    }
  } finally {
    await batch.release({ slice, token: claim.token }, { retryAt, hasProgress })
  }
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

interface Slice {
  batch: string
  claim: Claim
  holder: Holder
  catalog: Catalog
  lines: readonly Uint8Array[]
}

/** Runs items of one slice, each as a request of its own. */
class ItemRunner {
  readonly #tools: RunTools
  readonly #slice: Slice

  constructor(tools: RunTools, slice: Slice) {
    this.#tools = tools
    this.#slice = slice
  }

  /** The items that are to be run, each with the provider of its first target. */
  list(): SliceItem[] {
    const { claim, catalog, lines } = this.#slice
    const { resolve } = this.#tools.services
    return lines.flatMap((line, index) => {
      if (claim.done[index] !== '.') {
        return []
      }
      const model = asString(readLine(line).body.json['model']) ?? ''
      return [{ index, provider: resolve(catalog, model)?.targets[0]?.provider ?? '' }]
    })
  }

  async run({ index }: SliceItem): Promise<ItemOutcome> {
    const { services } = this.#tools
    const { batch, claim, holder, lines } = this.#slice
    const { customId, body } = readLine(lines[index] ?? new Uint8Array())
    const purpose = { name: 'batch', parentId: batch } as const
    const exchange = new Exchange(services.newId('req_'), services.now, purpose)
    exchange.authenticated(holder.key)
    const answered = await this.#answer(exchange, body)
    if ('whole' in answered) {
      this.#tools.record(exchange, 200)
      return { outcome: 's', line: toSucceededLine(customId, answered.whole) }
    }
    this.#tools.record(exchange, toErrorReply(answered.failure).status)
    const verdict = judgeItem(answered.failure, { now: services.now(), tries: claim.tries })
    return verdict.retry === 'never'
      ? { outcome: 'e', line: toErroredLine(customId, answered.failure, exchange.record.id) }
      : verdict
  }

  async #answer(
    exchange: Exchange,
    body: RequestBody,
  ): Promise<{ whole: string } | { failure: Failure }> {
    const { services, config, waitUntil, record } = this.#tools
    const { claim, holder, catalog } = this.#slice
    try {
      checkParams(body.json)
      return await answerWhole(
        services,
        {
          exchange,
          url: claim.url,
          headers: new Headers(claim.headers),
          ...holder,
          catalog,
          config,
          client: new ClientConnection(new AbortController()),
          timers: new RequestTimers(services.now),
          waitUntil,
          record,
        },
        { kind: 'batch', body, prepare: prepareAnswer },
      )
    } catch (error) {
      const failure = toRequestFailure(error)
      if (failure === undefined) {
        exchange.crashed(error)
        return { failure: { kind: 'internal' } }
      }
      exchange.refused(failure)
      return { failure }
    }
  }
}
