import type { Ledger } from './ledger-object.ts'
/** The Worker's side of a ledger: calls with a deadline, renewals, and settlements that are retried. */
import type { Charge, LedgerDecision, Reservation } from './protocol.ts'
import { renewEveryMs } from './protocol.ts'

export type LedgerNamespace = Pick<DurableObjectNamespace<Ledger>, 'getByName'>

/** How long a request waits for its ledger, in milliseconds. */
const answerWithinMs = 3000

/**
 * The delays before retries of a settlement in milliseconds. After the last one, the reservation
 * expires.
 */
const settleWaitsMs = [100, 1000, 5000]

/**
 * Requests a reservation: returns the decision, or why there is none, in which case the key's
 * limits decide whether the request continues.
 */
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

/** Settles a request. Resolves to why that failed, after several retries. */
export async function sendSettlement(
  ledgers: LedgerNamespace,
  keyId: string,
  charge: Charge,
): Promise<string | undefined> {
  for (let tries = 0; ; tries++) {
    try {
      await ledgers.getByName(keyId).settle(charge)
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

/**
 * Renews a reservation until `stop` is called. `known` returns what the request would be charged if
 * it ended now. A failed renewal is not retried, since the next one is due before the lease
 * expires.
 */
export function keepRenewing(
  ledgers: LedgerNamespace,
  keyId: string,
  { id, known }: { id: string; known: () => Charge | undefined },
): { stop: () => void } {
  const timer = setInterval(() => {
    Promise.resolve(ledgers.getByName(keyId).renew(id, known())).catch(() => {
      // A lease has time for three renewals.
    })
  }, renewEveryMs)
  return { stop: () => clearInterval(timer) }
}
