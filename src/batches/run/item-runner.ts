/** Runs items of one slice, each as a request of its own. */
import { toErrorReply } from '../../anthropic/error-reply.ts'
import type { Failure } from '../../anthropic/error.ts'
import { asString } from '../../anthropic/json.ts'
import type { Catalog } from '../../catalog/schema/catalog.ts'
import { answerNonStreaming } from '../../exchange/answer-non-streaming.ts'
import type { Config } from '../../exchange/config.ts'
import { toRequestFailure } from '../../exchange/failure-response.ts'
import { prepareAnswer } from '../../exchange/preparation/prepare-answer.ts'
import { Exchange } from '../../exchange/record/exchange.ts'
import type { RequestBody } from '../../exchange/request/body.ts'
import type { Origin } from '../../exchange/request/request.ts'
import type { Services } from '../../exchange/request/services.ts'
import { hasBudget } from '../../keys/limits.ts'
import { toGroupLedger } from '../../ledger/ledger-name.ts'
import { ClientConnection } from '../../streaming/client-connection.ts'
import { RequestTimers } from '../../streaming/timers.ts'
import type { NativeResult } from '../native/native-api.ts'
import type { NativeRun } from '../native/native-run.ts'
import type { Claim } from '../protocol.ts'
import { checkParams, readLine } from '../read-item.ts'
import { toErroredLine, toSucceededLine } from '../results.ts'
import type { Holder } from './holder.ts'
import type { ItemOutcome, SliceItem } from './slice-run.ts'
import { judgeItem } from './verdict.ts'

/** What a run needs of the Worker: services, configuration, and where finished exchanges are recorded. */
export interface RunTools {
  services: Services
  config: Config
  loadCatalog: () => Promise<Catalog>
  waitUntil: (promise: Promise<unknown>) => void
  /** Has an exchange logged, charged and counted. */
  record: (exchange: Exchange, status: number) => void
}

/** A claimed slice: its lines, one request each, and the key and catalog to run them with. */
export interface Slice {
  batch: string
  claim: Claim
  holder: Holder
  catalog: Catalog
  lines: readonly Uint8Array[]
}

/** Runs the requests of one slice, each as an exchange of its own, and formats their results. */
export class ItemRunner {
  readonly #tools: RunTools
  readonly #slice: Slice

  constructor(tools: RunTools, slice: Slice) {
    this.#tools = tools
    this.#slice = slice
  }

  /** The items that are to be run, each with the provider of its first target. */
  list(): SliceItem[] {
    const { catalog, lines } = this.#slice
    const { resolve } = this.#tools.services
    return lines.flatMap((line, index) => {
      if (!this.isOpen(index)) {
        return []
      }
      const model = asString(readLine(line).body.json['model']) ?? ''
      return [{ index, provider: resolve(catalog, model)?.targets[0]?.provider ?? '' }]
    })
  }

  /** Whether no budget of the key or its group is used up, which jobs do not reserve from. */
  async hasBudget(): Promise<boolean> {
    const { ledgers } = this.#tools.config
    const { key, group } = this.#slice.holder
    const accounts = [
      { name: key.id, limits: key.limits },
      ...(group === undefined ? [] : [{ name: toGroupLedger(group.id), limits: group.limits }]),
    ].filter(({ limits }) => hasBudget(limits))
    const standings = await Promise.all(
      accounts.map(async ({ name, limits }) => ledgers?.getByName(name).standing(limits)),
    )
    return standings.every((each) => each?.budgets.every(({ spent, limit }) => spent < limit))
  }

  /** What sends items to providers' own batch APIs. Its code is loaded when a catalog asks for it. */
  async native(): Promise<NativeRun> {
    const { NativeRun: Run } = await import('../native/native-run.ts')
    const { services } = this.#tools
    const { catalog } = this.#slice
    return new Run({ services, catalog, originOf: () => this.#originOf(this.#begin(), unlimited) })
  }

  /** The bodies of the items that are to be run. */
  bodies(): { index: number; body: RequestBody }[] {
    const { lines } = this.#slice
    return this.list().map(({ index }) => ({
      index,
      body: readLine(lines[index] ?? new Uint8Array()).body,
    }))
  }

  /** Whether an item has no result. */
  isOpen(index: number): boolean {
    return this.#slice.claim.done[index] === '.'
  }

  run({ index }: SliceItem): Promise<ItemOutcome> {
    return this.#run(index, (exchange, body) =>
      this.#answer(this.#tools.services, this.#originOf(exchange, asLimited), { body }),
    )
  }

  /** Reads the response that a job has for an item; it is charged, and limits do not refuse it any more. */
  async settle(index: number, target: string, result: NativeResult): Promise<ItemOutcome> {
    const { answeredBy, withBatchTier } = await import('../native/native-run.ts')
    const services = answeredBy(this.#tools.services, result)
    return this.#run(index, async (exchange, body) => {
      const origin = this.#originOf(exchange, unlimited)
      const answered = await this.#answer(services, origin, { body, only: target })
      return 'message' in answered ? { message: withBatchTier(answered.message) } : answered
    })
  }

  async #run(
    index: number,
    answer: (exchange: Exchange, body: RequestBody) => Promise<ItemAnswer>,
  ): Promise<ItemOutcome> {
    const { services, record } = this.#tools
    const { claim, lines } = this.#slice
    const { customId, body } = readLine(lines[index] ?? new Uint8Array())
    const exchange = this.#begin()
    const answered = await answer(exchange, body)
    if ('message' in answered) {
      record(exchange, 200)
      return { outcome: 's', line: toSucceededLine(customId, answered.message) }
    }
    record(exchange, toErrorReply(answered.failure).status)
    const verdict = judgeItem(answered.failure, { now: services.now(), tries: claim.tries })
    return verdict.retry === 'never'
      ? { outcome: 'e', line: toErroredLine(customId, answered.failure, exchange.record.id) }
      : verdict
  }

  #begin(): Exchange {
    const { services } = this.#tools
    const { batch, holder } = this.#slice
    const purpose = { name: 'batch', parentId: batch } as const
    const exchange = new Exchange(services.newId('req_'), services.now, purpose)
    exchange.authenticated(holder.key)
    return exchange
  }

  #originOf(exchange: Exchange, toHolder: (holder: Holder) => Holder): Origin {
    const { services, config, waitUntil, record } = this.#tools
    const { claim, holder, catalog } = this.#slice
    return {
      exchange,
      url: claim.url,
      headers: new Headers(claim.headers),
      ...toHolder(holder),
      catalog,
      config,
      client: new ClientConnection(new AbortController()),
      timers: new RequestTimers(services.now),
      waitUntil,
      record,
    }
  }

  async #answer(
    services: Services,
    origin: Origin,
    request: { body: RequestBody; only?: string },
  ): Promise<ItemAnswer> {
    const { exchange } = origin
    try {
      checkParams(request.body.json)
      const batchRequest = { kind: 'batch', prepare: prepareAnswer, ...request } as const
      return await answerNonStreaming(services, origin, batchRequest)
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

type ItemAnswer = { message: string } | { failure: Failure }

function asLimited(holder: Holder): Holder {
  return holder
}

function unlimited({ key, group }: Holder): Holder {
  return { key: { ...key, limits: {} }, group: group && { ...group, limits: {} } }
}
