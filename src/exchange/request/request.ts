/** A client's request to a model, as the exchange needs it. Types only. */
import type { CatalogModel } from '../../catalog/schema.ts'
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
  /** The model as the client wrote it; what the answer calls itself. */
  requestedModel: string
  model: CatalogModel
  /** A name of the conversation that providers may see; undefined where the client named none. */
  sessionKey: string | undefined
  /** Secrets and bindings of providers. */
  config: Pick<Config, 'secret' | 'binding'>
  client: ClientConnection
  timers: RequestTimers
  /** Keeps the isolate alive until the promise settles. */
  waitUntil: (promise: Promise<unknown>) => void
}
