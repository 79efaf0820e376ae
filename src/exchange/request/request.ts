import type { EndStage } from '../../anthropic/answer/part-stage.ts'
/** A request to a model, as the exchange needs it. Types only. */
import type {
  CompactionBlock,
  IterationUsage,
} from '../../anthropic/answer/wire/complete-blocks.ts'
import type { Failure } from '../../anthropic/error.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import type { Catalog } from '../../catalog/schema/catalog.ts'
import type { CatalogModel } from '../../catalog/schema/model.ts'
import type { ToCitable } from '../../citations/index.ts'
import type { RequestContext } from '../../context/index.ts'
import type { GroupRecord } from '../../keys/groups/record.ts'
import type { KeyRecord } from '../../keys/record.ts'
import type { ServerTools } from '../../server-tools/server-tools.ts'
import type { AskModel } from '../../server-tools/tool.ts'
import type { ClientConnection } from '../../streaming/client-connection.ts'
import type { RequestTimers } from '../../streaming/timers.ts'
import type { Config } from '../config.ts'
import type { Exchange } from '../record/exchange.ts'
import type { RequestBody } from './body.ts'
import type { Fallbacks } from './fallbacks.ts'
import type { Prompt } from './prompt.ts'

/** The origin of a request, and what it may use. */
export interface Origin {
  exchange: Exchange
  /** Headers of the client's request. */
  url: string
  headers: Headers
  key: KeyRecord
  /** The key's group. */
  group: GroupRecord | undefined
  catalog: Catalog
  config: Config
  client: ClientConnection
  timers: RequestTimers
  /** Keeps the isolate alive until the promise settles. */
  waitUntil: (promise: Promise<unknown>) => void
  /** Has the record of another exchange logged, charged and counted once that has finished. */
  record: (exchange: Exchange, status: number) => void
}

/** A request to a model with all that its attempts need. */
export interface ClientRequest extends Origin {
  body: RequestBody
  prompt: Prompt
  /** The model's name in the client's request, and in the answer. */
  requestedModel: string
  model: CatalogModel
  /**
   * An identifier of the conversation that providers may see; undefined if the client sent none.
   */
  sessionKey: string | undefined
  /** The server tools of the request; undefined if it has none. */
  serverTools: ServerTools | undefined
  /** Undefined if the client asks for no edits and has no compaction. */
  context: RequestContext | undefined
  /** Undefined if the client asks for no citations. */
  toCitable: ToCitable | undefined
  /** Asks the advisor that the client names; undefined if it names none. */
  ask: AskModel | undefined
  /** The summary that comes before the answer, or in its place; undefined if none is due. */
  compaction: Compaction | undefined
  /** Models that answer if the requested one declines; undefined if the client names none. */
  fallbacks: Fallbacks | undefined
  /** The check of tool calls that the client requested; undefined if there is none. */
  safeguard: Safeguard | undefined
}

/** The summary of one request's conversation. */
export interface Compaction {
  /** The name in the catalog of the model that writes it. */
  model: string
  /** Whether nothing is written after it. */
  isAlone: boolean
  /** The headers of a response without anything else. */
  headers: Record<string, string>
  /** Never rejects. */
  run: () => Promise<CompactionResult | { failure: Failure }>
}

/** The result of a compaction: its block, its usage, and the request to continue with. */
export interface CompactionResult {
  block: CompactionBlock
  /** Undefined where no model answered. */
  usage: IterationUsage | undefined
  /** The client's request, with the block in place of what it summarizes; undefined where there is no summary. */
  continued: JsonObject | undefined
}

/** The safety check of one request's tool calls, where the answer is translated. */
export interface Safeguard {
  /** The model that judges. */
  model: string
  createStage: () => EndStage
}
