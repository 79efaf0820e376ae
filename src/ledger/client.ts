/** The Worker's side of a ledger: calls with a deadline, renewals, and settlements that are retried. */
import type { DurableObject } from 'cloudflare:workers'

import type { Alert } from '../alerts/alert.ts'
import type { AlertSink } from '../alerts/sink.ts'
import type { KeyRecord } from '../keys/record.ts'
import { gatewayLedger, parseGroupLedger } from './ledger-name.ts'
import type { LedgerObject } from './ledger-object.ts'
import type { Charge, LedgerDecision, Reservation, Watch } from './protocol.ts'
import { renewEveryMs } from './protocol.ts'

/** A ledger as its callers see it: by RPC, or in the process of a command. */
export type LedgerStub = {
  [Method in Exclude<keyof LedgerObject, keyof DurableObject>]: (
    ...values: Parameters<LedgerObject[Method]>
  ) => Promise<Awaited<ReturnType<LedgerObject[Method]>>>
}

/** The namespace of the Durable Objects of ledgers. */
export interface LedgerNamespace {
  getByName: (name: string) => LedgerStub
}

/**
 * Whether a key was disabled or revoked since its record was written: KV may be stale for a minute, the key's
 * ledger is not. False without ledgers. Rejects if the ledger cannot be reached.
 */
export async function isEnded(
  ledgers: LedgerNamespace | undefined,
  { id, version = 0 }: Pick<KeyRecord, 'id' | 'version'>,
): Promise<boolean> {
  const policy = await ledgers?.getByName(id).policy()
  return policy !== undefined && policy.version > version && policy.status !== 'active'
}

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
  name: string,
  reservation: Reservation,
): Promise<LedgerDecision | { unavailable: string }> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<{ unavailable: string }>((resolve) => {
    const reason = `no response within ${answerWithinMs} ms`
    timer = setTimeout(() => resolve({ unavailable: reason }), answerWithinMs)
  })
  try {
    return await Promise.race([ledgers.getByName(name).reserve(reservation), late])
  } catch (error) {
    return { unavailable: error instanceof Error ? error.message : 'an unknown error' }
  } finally {
    if (timer !== undefined) {
      clearTimeout(timer)
    }
  }
}

/** Settles a request. Resolves to why that failed, after several retries. */
export function sendSettlement(
  ledgers: LedgerNamespace,
  name: string,
  { charge, watch }: { charge: Charge; watch: Watch | undefined },
): Promise<string | undefined> {
  const charged = toCharged(name, charge)
  return tryRepeatedly(() => ledgers.getByName(name).settle(charged, watch))
}

/** Has an alert sent that is about no key, by the gateway's own ledger. Resolves as {@link sendSettlement} does. */
export function sendAlert(
  ledgers: LedgerNamespace,
  alert: Alert,
  sinks: readonly AlertSink[],
): Promise<string | undefined> {
  return tryRepeatedly(() => ledgers.getByName(gatewayLedger).raise([alert], [...sinks]))
}

/** Takes back the reservation of a request that is not made. Resolves as {@link sendSettlement} does. */
export function sendCancellation(
  ledgers: LedgerNamespace,
  name: string,
  id: string,
): Promise<string | undefined> {
  return tryRepeatedly(() => ledgers.getByName(name).cancel(id))
}

async function tryRepeatedly(call: () => PromiseLike<unknown>): Promise<string | undefined> {
  for (let tries = 0; ; tries++) {
    try {
      await call()
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
 * Renews a reservation in each of the ledgers until `stop` is called. `known`: what the request would be
 * charged if it ended now. A renewal that fails is not repeated: the next one comes before the lease runs out.
 */
export function keepRenewing(
  ledgers: LedgerNamespace,
  names: readonly string[],
  { id, known }: { id: string; known: () => Charge | undefined },
): { stop: () => void } {
  const timer = setInterval(() => {
    const charge = known()
    for (const name of names) {
      const soFar = charge && toCharged(name, charge)
      Promise.resolve(ledgers.getByName(name).renew(id, soFar)).catch(() => {
        // Three renewals fit into a lease.
      })
    }
  }, renewEveryMs)
  return { stop: () => clearInterval(timer) }
}

/** Sessions and secrets are kept by the ledgers of keys; a group's counts money and tokens. */
function toCharged(name: string, charge: Charge): Charge {
  return parseGroupLedger(name) === undefined
    ? charge
    : { ...charge, session: undefined, agent: undefined, lastFour: undefined, group: undefined }
}
