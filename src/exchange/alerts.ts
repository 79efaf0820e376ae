/** What exchanges alert operators of, where the catalog names receivers. */
import type { Alert } from '../alerts/alert.ts'
import type { AlertSink } from '../alerts/sink.ts'
import { sinksFor } from '../alerts/sink.ts'
import { toErrorReply } from '../anthropic/error-reply.ts'
import type { Failure } from '../anthropic/error.ts'
import type { Catalog } from '../catalog/schema/catalog.ts'
import type { GroupRecord } from '../keys/groups/record.ts'
import { hasBudget } from '../keys/limits.ts'
import type { KeyRecord } from '../keys/record.ts'
import { gatewayLedger, parseGroupLedger, toGroupLedger } from '../ledger/ledger-name.ts'
import type { Watch } from '../ledger/protocol.ts'
import type { Config } from './config.ts'

/** Who is alerted of what an exchange does. */
export interface AlertContext {
  sinks: readonly AlertSink[]
  /** The budgets to watch, by the name of their ledger. */
  watches: ReadonlyMap<string, Watch>
}

/** The context for a key and its group; undefined if no alerts are configured. */
export function toAlertContext(
  sinks: readonly AlertSink[] | undefined,
  key: KeyRecord,
  group: GroupRecord | undefined,
): AlertContext | undefined {
  if (sinks === undefined || sinks.length === 0) {
    return undefined
  }
  const watches = new Map<string, Watch>()
  const forBudgets = sinksFor(sinks, 'budget')
  if (forBudgets.length > 0) {
    const { id, name, limits, version = 0 } = key
    const own: Watch = { holder: { type: 'key', id, name }, limits, version, sinks: forBudgets }
    if (hasBudget(limits)) {
      watches.set(id, own)
    }
    if (group !== undefined && hasBudget(group.limits)) {
      const holder = { type: 'group', id: group.id, name: group.name } as const
      const { limits: ofGroup, version: newest } = group
      const watch: Watch = { holder, limits: ofGroup, version: newest, sinks: forBudgets }
      watches.set(toGroupLedger(group.id), watch)
    }
  }
  return { sinks, watches }
}

const hourMs = 3_600_000

/** A provider's target is avoided for a while. One alert an hour for each kind of error. */
export function toProviderAlert(
  { provider, name }: { provider: string; name: string },
  failure: Failure,
  { now, until }: { now: number; until: number },
): Alert {
  const error = toErrorReply(failure).type
  const seconds = Math.ceil((until - now) / 1000)
  return {
    kind: 'provider',
    key: `provider ${provider} ${error}`,
    until: now + hourMs,
    message: `Provider ${provider} is failing: ${name} ended in ${error}. Other targets are tried first for ${seconds} s.`,
    data: { provider, target: name, error, cooldown_seconds: seconds },
  }
}

/** A request's usage could not be booked: budgets and reports lack it. */
export function toUnbookedAlert(
  ledger: string,
  { requestId, reason, now }: { requestId: string; reason: string; now: number },
): Alert {
  const group = parseGroupLedger(ledger)
  const who = group === undefined ? `key ${ledger}` : `group ${group}`
  return {
    kind: 'unbooked',
    key: `unbooked ${ledger}`,
    until: now + hourMs,
    message: `Usage of ${who} could not be booked: ${reason}. The log line of request ${requestId} has what is missing.`,
    data: { holder: group === undefined ? 'key' : 'group', id: group ?? ledger, requestId, reason },
  }
}

/** Has the gateway's ledger look after the catalog and the keys: once for each catalog that an isolate loads. */
export class GatewayWatch {
  readonly #started = new WeakSet<Catalog>()

  start(
    catalog: Catalog,
    { ledgers }: Pick<Config, 'ledgers'>,
    waitUntil: (promise: Promise<unknown>) => void,
  ): void {
    const { alerts: sinks = [] } = catalog
    if (sinks.length > 0 && ledgers !== undefined && !this.#started.has(catalog)) {
      this.#started.add(catalog)
      waitUntil(
        Promise.resolve(ledgers.getByName(gatewayLedger).watch([...sinks])).catch(() => {
          // Another request, or another isolate, starts it.
          this.#started.delete(catalog)
        }),
      )
    }
  }
}
