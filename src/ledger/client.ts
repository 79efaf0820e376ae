import type { Ledger } from './ledger-object.ts'
/** The Worker's side of the ledger: calls that end in time, and settlements that are repeated until heard. */
import type { Charge, Reservation, LedgerDecision } from './protocol.ts'

export type LedgerNamespace = Pick<DurableObjectNamespace<Ledger>, 'getByName'>

/** A request waits for its ledger no longer than that. */
const answerWithinMs = 3000

/** Between tries of a settlement. It is repeatable, and after the last one the reservation expires. */
const settleWaitsMs = [100, 1000, 5000]

/** The verdict, or why there is none: then the key decides whether the request goes on. */
export async function requestReservation(
  ledgers: LedgerNamespace,
  keyId: string,
  reservation: Reservation,
): Promise<LedgerDecision | { unavailable: string }> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<{ unavailable: string }>((resolve) => {
    const reason = `no answer within ${answerWithinMs} ms`
    timer = setTimeout(() => resolve({ unavailable: reason }), answerWithinMs)
  })
  try {
    return await Promise.race([ledgers.getByName(keyId).reserve(reservation), late])
  } catch (error) {
    return { unavailable: error instanceof Error ? error.message : 'an unknown error' }
  } finally {
    if (timer !== undefined) {
      clearTimeout(timer)
    }
  }
}

/** How a request ended: `used` is booked and the rest given back, or all of it is given back. */
export type Settlement = { used: Charge } | { unused: Charge }

/** Tells the ledger. Resolves to why it could not be told, after several tries. */
export async function sendSettlement(
  ledgers: LedgerNamespace,
  keyId: string,
  outcome: Settlement,
): Promise<string | undefined> {
  for (let tries = 0; ; tries++) {
    try {
      const ledger = ledgers.getByName(keyId)
      await ('used' in outcome
        ? ledger.settle(outcome.used)
        : ledger.release(outcome.unused.id, outcome.unused))
      return undefined
    } catch (error) {
      const waitMs = settleWaitsMs[tries]
      if (waitMs === undefined) {
        return error instanceof Error ? error.message : 'an unknown error'
      }
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
  }
}
