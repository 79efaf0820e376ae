/**
 * The Durable Object of one batch, found by the batch's id. It hands out slices to runs, records what they have
 * settled, and looks for what was lost. Runs are started by the queue, or by the object itself where there is no
 * queue.
 */
import { DurableObject } from 'cloudflare:workers'

import { exchangeFact } from '../ledger/storage/facts.ts'
import type { Sql } from '../ledger/storage/sql.ts'
import { toSql } from '../ledger/storage/sql.ts'
import { asBinding } from '../platform/binding.ts'
import { toInputPrefix, toOutputPrefix } from '../store/owner/object-names.ts'
import type { BatchRecord } from './batch-record.ts'
import type {
  BatchState,
  Claim,
  NewBatchRecord,
  Progress,
  SliceMessage,
  SliceResults,
  Verdict,
} from './protocol.ts'

/** How many slices of a batch are queued or running at once, with a queue and without; a call sends up to 100. */
const most = { queued: 16, own: 2 }

/** Runs a slice to its end, or until it is put off. */
export type RunSlice = (
  message: SliceMessage,
  env: Env,
  waitUntil: (promise: Promise<unknown>) => void,
) => Promise<void>

/** The milliseconds after which a run by the object itself lets its alarm end, which may take 15 minutes. */
const ownRunMs = 600_000

/** When work that failed is done again. */
const retryMs = 60_000

/** What objects need of their isolate. */
export interface BatchRuntime {
  runSlice: RunSlice
  writeLog: (line: object) => void
}

/** All public methods are called by RPC. */
export class BatchObject extends DurableObject<Env> {
  readonly #runtime: BatchRuntime
  readonly #sql: Sql
  #record: BatchRecord | undefined
  /** Whether the object itself runs slices. */
  #isRunning = false

  constructor(ctx: DurableObjectState, env: Env, runtime: BatchRuntime) {
    super(ctx, env)
    this.#runtime = runtime
    this.#sql = toSql(ctx.storage)
    // A request for a batch that does not exist must not create a database.
    if (this.#sql.all(`SELECT 1 FROM sqlite_master WHERE name = 'slices'`).length > 0) {
      void ctx.blockConcurrencyWhile(() => this.#resume())
    }
  }

  async create(batch: NewBatchRecord): Promise<void> {
    const { BatchRecord: Record } = await import('./batch-record.ts')
    this.#record ??= new Record(this.#sql)
    this.#record.create(batch)
    this.#noteRun()
    await this.#advance()
  }

  state(): BatchState | undefined {
    return this.#record?.state()
  }

  claim(slice: number): Claim | undefined {
    return this.#record?.claim(slice, Date.now())
  }

  commit(progress: Progress): Verdict {
    return this.#record?.commit(progress, Date.now()) ?? 'stale'
  }

  async release(...parameters: Parameters<BatchRecord['release']>): Promise<void> {
    this.#record?.release(...parameters)
    await this.#advance()
  }

  setJobs(...parameters: Parameters<BatchRecord['setJobs']>): void {
    this.#record?.setJobs(...parameters)
  }

  /** Jobs at providers that have not ended. */
  jobs(): ReturnType<BatchRecord['jobs']> {
    return this.#record?.jobs() ?? []
  }

  async cancel(): Promise<BatchState | undefined> {
    this.#record?.cancel(Date.now())
    await this.#advance()
    return this.#record?.state()
  }

  results(): SliceResults[] {
    return this.#record?.results() ?? []
  }

  /** Deletes the batch with its requests and results; returns false for one that has not ended. */
  async delete(): Promise<boolean> {
    const state = this.state()
    if (state?.status !== 'ended') {
      return false
    }
    await this.#deleteObjects(toInputPrefix(state.id), toOutputPrefix(state.id))
    await this.env.OWNER_INDEX.getByName(state.owner).removeBatch(state.id)
    this.#record = undefined
    await this.ctx.storage.deleteAlarm()
    await this.ctx.storage.deleteAll()
    return true
  }

  override async alarm(): Promise<void> {
    try {
      await this.#fulfil()
      await this.#advance()
      if (this.#queue === undefined) {
        await this.#runOwn()
      }
    } catch (error) {
      this.#runtime.writeLog({ level: 'error', batch: this.state()?.id, bug: String(error) })
      await this.ctx.storage.setAlarm(Date.now() + retryMs)
    }
  }

  /** Does what can be done at once, and sets the alarm for what comes next. */
  async #advance(): Promise<void> {
    const record = this.#record
    if (record === undefined) {
      return
    }
    const now = Date.now()
    record.settle(now)
    const isIdle = this.#queue === undefined && !this.#isRunning && record.isReady(now)
    const next = isIdle ? now : record.nextDue(now)
    if (next !== undefined) {
      await this.ctx.storage.setAlarm(next)
    }
    await this.#enqueue(record, now)
  }

  /** Sends slices to the queue. What gets lost is found by the next sweep. */
  async #enqueue(record: BatchRecord, now: number): Promise<void> {
    const queue = this.#queue
    const batch = record.state()?.id
    if (queue === undefined || batch === undefined) {
      return
    }
    const messages = record
      .dispatch({ most: most.queued }, now)
      .map((slice) => ({ body: { batch, slice } }))
    if (messages.length > 0) {
      await queue.sendBatch(messages).catch(() => {
        // They count as lost, and are sent again by a sweep.
      })
    }
  }

  /** Runs slices in this object, some at a time, until none is ready or the alarm has to end. */
  async #runOwn(): Promise<void> {
    const endAt = Date.now() + ownRunMs
    const waitUntil = (promise: Promise<unknown>): void => this.ctx.waitUntil(promise)
    const runNext = async (): Promise<void> => {
      while (Date.now() < endAt) {
        const [slice] = this.#record?.dispatch({ most: most.own, count: 1 }, Date.now()) ?? []
        const batch = this.#record?.state()?.id
        if (slice === undefined || batch === undefined) {
          return
        }
        await this.#runtime.runSlice({ batch, slice }, this.env, waitUntil)
      }
    }
    this.#isRunning = true
    try {
      await Promise.all(Array.from({ length: most.own }, runNext))
    } finally {
      this.#isRunning = false
    }
    await this.#advance()
  }

  async #fulfil(): Promise<void> {
    const record = this.#record
    const state = record?.state()
    const duty = record?.duty(Date.now())
    if (record === undefined || state === undefined || duty === undefined) {
      return
    }
    await this.#deleteObjects(duty === 'file' ? toInputPrefix(state.id) : toOutputPrefix(state.id))
    record.fulfil(duty)
    const ended = JSON.stringify(record.state())
    await this.env.OWNER_INDEX.getByName(state.owner).endBatch(state.id, ended)
  }

  async #deleteObjects(...prefixes: readonly string[]): Promise<void> {
    const { openStore } = await import('../store/open-store.ts')
    const objects = await openStore(this.env)
    for (const prefix of prefixes) {
      await objects?.deleteAll(prefix)
    }
  }

  /** Loads the batch when the object starts again. */
  async #resume(): Promise<void> {
    const { BatchRecord: Record } = await import('./batch-record.ts')
    this.#record = new Record(this.#sql)
    if (this.#noteRun()) {
      this.#record.takeBack()
      await this.ctx.storage.setAlarm(Date.now())
    }
  }

  /**
   * Whether this is another run of `npm start`, which identifies each by the var `RUN`, than the one before: its
   * messages and runs are gone. On Cloudflare there is no such var, and leases expire.
   */
  #noteRun(): boolean {
    const run: unknown = Reflect.get(this.env, 'RUN')
    return typeof run === 'string' && exchangeFact(this.#sql, 'run', run) !== run
  }

  /** Undefined where there is no queue: the object runs its slices itself. */
  get #queue(): Queue<SliceMessage> | undefined {
    return asBinding<Queue<SliceMessage>>(Reflect.get(this.env, 'BATCH_QUEUE'), 'sendBatch')
  }
}
