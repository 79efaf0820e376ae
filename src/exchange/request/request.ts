/** A client's request to a model. Types only. */
import type { CatalogModel } from '../../catalog/schema.ts'
import type { ServerTools } from '../../server-tools/server-tools.ts'
import type { ClientConnection } from '../../streaming/client-connection.ts'
import type { RequestTimers } from '../../streaming/timers.ts'
import type { Config } from '../config.ts'
import type { Exchange } from '../record/exchange.ts'
import type { RequestBody } from './body.ts'
import type { Prompt } from './prompt.ts'

export interface ClientRequest {
  exchange: Exchange
  headers: Headers
  body: RequestBody
  prompt: Prompt
  /** The id of the client's key. */
  keyId: string
  /** The model's name in the client's request, and in the answer. */
  requestedModel: string
  model: CatalogModel
  /**
   * An identifier of the conversation that providers may see; undefined if the client sent none.
   */
  sessionKey: string | undefined
  /** Secrets and bindings of providers. */
  config: Pick<Config, 'secret' | 'binding'>
  /** Undefined where the request has nothing to do with server tools. */
  serverTools: ServerTools | undefined
  client: ClientConnection
  timers: RequestTimers
  /** Keeps the isolate alive until the promise settles. */
  waitUntil: (promise: Promise<unknown>) => void
}
