/**
 * Looks for what no request reports: a catalog that cannot be used, and keys that expire soon. Run by the alarm of
 * the gateway's ledger, so that it happens once however many isolates there are, and without any request.
 */
import type { Alert } from '../../alerts/alert.ts'
import type { AlertSink } from '../../alerts/sink.ts'
import { describeFault } from '../../catalog/check/fault.ts'
import { catalogEntry } from '../../catalog/load.ts'
import { parseCatalogText } from '../../catalog/parse.ts'
import type { Registries } from '../../catalog/registries.ts'
import { listKeys } from '../../keys/store.ts'
import type { KeyValue } from '../../platform/key-value.ts'

const dayMs = 86_400_000

/** How long before a key expires there is an alert, in days. */
const noticeDays = [1, 7] as const

/** A broken catalog is reported again after this, in milliseconds. */
const repeatBrokenMs = dayMs

/**
 * Reads the catalog. Returns its sinks, empty where there is none; and an alert in their place if it cannot be
 * used.
 */
export async function watchCatalog(
  kv: Pick<KeyValue, 'get'>,
  registries: Registries,
  now: number,
): Promise<{ sinks: readonly AlertSink[] } | { broken: Alert }> {
  const text = await kv.get(catalogEntry)
  if (text === null) {
    return { sinks: [] }
  }
  const parsed = parseCatalogText(text, registries)
  if ('catalog' in parsed) {
    return { sinks: parsed.catalog.alerts ?? [] }
  }
  const [fault = { path: '', message: 'unknown' }] = parsed.faults
  const described = describeFault(fault)
  return {
    broken: {
      kind: 'catalog',
      key: `catalog ${described.slice(0, 500)}`,
      until: now + repeatBrokenMs,
      message: `The catalog in KV cannot be used: ${described}. Isolates serve the last valid one, and new ones fail; fix it and run \`npm run catalog -- push\`.`,
      data: { fault: described, faults: parsed.faults.length },
    },
  }
}

/** Returns an alert for each key that expires within a day, or a week. */
export async function watchKeys(kv: KeyValue, now: number): Promise<Alert[]> {
  const keys = await listKeys(kv)
  return keys.flatMap(({ id, name, status, expires_at: expiresAt }) => {
    const end = expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt)
    const days = noticeDays.find((notice) => end > now && end - now <= notice * dayMs)
    return status !== 'active' || expiresAt === null || days === undefined
      ? []
      : [toExpiring({ id, name, expiresAt }, days)]
  })
}

function toExpiring(
  { id, name, expiresAt }: { id: string; name: string; expiresAt: string },
  days: number,
): Alert {
  const when = `${new Date(expiresAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return {
    kind: 'key_expiring',
    key: `key_expiring ${id} ${expiresAt} ${days}`,
    until: Date.parse(expiresAt),
    message: `Key ${name} (${id}) expires at ${when}, within ${days === 1 ? 'a day' : `${days} days`}.`,
    data: { id, name, expires_at: expiresAt, days },
  }
}
