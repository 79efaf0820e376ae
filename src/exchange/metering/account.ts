/** One request's account: what was asked of the key's ledger, and what it is told at the end. Types only. */
import type { CatalogModel } from '../../catalog/schema.ts'
import type { Reservation, LedgerDecision } from '../../ledger/protocol.ts'

/** A request as the ledger counts it. */
export interface Asked {
  kind: Reservation['kind']
  /** The catalogue's id of the model, wildcards filled in. */
  model: string
  price: CatalogModel['price']
  /** Input tokens; counted when first asked for. */
  estimateInput: () => number
}

export interface Account {
  /** When the request came, in epoch milliseconds. */
  startedAt: number
  /** Set once the request was admitted: then its end is booked. */
  asked?: Asked
  /** What the ledger answered; absent for keys that need none. */
  verdict?: LedgerDecision
}
