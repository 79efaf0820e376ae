/** A key by which a command calls the Admin API of the gateway that runs on the same state. */
import { createKey } from '../../../keys/store.ts'
import type { KeyValue } from '../../../platform/key-value.ts'
import type { Gateway } from './admin-api.ts'

/** Seconds for which the key of a command is valid. */
const keySeconds = 60

/** Calls `use` with an admin key that only this process knows, and that expires soon. `actor` names it. */
export async function withAdminKey<Value>(
  kv: KeyValue,
  { url, actor }: { url: string; actor: string },
  use: (gateway: Gateway) => Promise<Value>,
): Promise<Value> {
  const now = new Date()
  const { key } = await createKey(
    kv,
    {
      name: `command of ${actor}`,
      expires_at: new Date(now.getTime() + keySeconds * 1000).toISOString(),
      models: ['*'],
      scopes: ['admin'],
      limits: {},
      metadata: {},
    },
    { now, forget: true },
  )
  return use({ url, key })
}
