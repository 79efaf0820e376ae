import type { Config } from '../exchange/config.ts'
/** What the app's handlers share of one request. Types only. */
import type { Exchange } from '../exchange/record/exchange.ts'
import type { KeyRecord } from '../keys/record.ts'
import type { Fetch } from '../platform/fetch.ts'

export interface AppEnv {
  Bindings: Env
  Variables: {
    config: Config
    key: KeyRecord
    exchange: Exchange
  }
}

/** What the app needs from outside, so that tests can give their own. */
export interface Dependencies {
  /** Requests to upstreams. */
  fetch: Fetch
  /** Epoch milliseconds. */
  now: () => number
  /** A fresh id with that prefix: at least 20 random `[a-zA-Z0-9]`. */
  newId: (prefix: string) => string
  /** Takes one finished log line. */
  writeLog: (line: object) => void
}
