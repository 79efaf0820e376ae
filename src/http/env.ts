/** The types of the app: the variables of one request, and the app's dependencies. */
import type { LoadedCatalog } from '../catalog/load.ts'
import type { Config } from '../exchange/config.ts'
import type { Exchange } from '../exchange/record/exchange.ts'
import type { NativeSpans } from '../exchange/trace/native-spans.ts'
import type { GroupRecord } from '../keys/groups/record.ts'
import type { KeyRecord } from '../keys/record.ts'
import type { Fetch } from '../platform/fetch.ts'

/** The bindings and variables of a request. */
export interface AppEnv {
  Bindings: Env
  Variables: {
    config: Config
    key: KeyRecord
    /** Who changes keys and groups, where it is a command and no key. */
    actor: string | undefined
    /** The key's group, where models may be used. */
    group: GroupRecord | undefined
    exchange: Exchange
    /** Returns the time in epoch milliseconds, to handlers of the Admin API. */
    now: () => number
    /** Reads the catalog, for handlers of the Admin API. Throws a GatewayError `misconfigured`. */
    readCatalog: () => Promise<LoadedCatalog>
    /** The platform's spans of the request, if it records any. */
    spans: NativeSpans | undefined
  }
}

/** The app's side effects, which tests replace. */
export interface Dependencies {
  /** Sends requests to upstreams. */
  fetch: Fetch
  /** Returns the time in epoch milliseconds. */
  now: () => number
  /** Returns a new id: the prefix and at least 20 random `[a-zA-Z0-9]`. */
  newId: (prefix: string) => string
  /** Writes log lines. */
  writeLog: (...lines: object[]) => void
}
