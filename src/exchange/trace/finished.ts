/** An exchange that has ended, as traces are written from it. Types only. */
import type { ExchangeRecord } from '../record/exchange-record.ts'
import type { BilledUsage, HttpFacts } from '../record/to-log-line.ts'

/** The record of an ended exchange, with its HTTP facts and its usage and cost. */
export interface FinishedExchange {
  record: Readonly<ExchangeRecord>
  http: HttpFacts
  /** What it was charged; undefined if it was not admitted. */
  billed: BilledUsage | undefined
}
