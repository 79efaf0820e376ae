/**
 * The state of local gateways: KV as workerd stores it, in SQLite files in one directory. A running
 * gateway and a command open the same files: SQLite allows one writer at a time, and a write is visible
 * to both immediately. `wrangler … --local --persist-to DIR` opens them too.
 */
import { resolve } from 'node:path'

import type { KeyValue } from '../../platform/key-value.ts'
import { withRetry } from './retry.ts'
import { projectRoot } from './wrangler.ts'

/** The KV namespaces of the gateway, by their bindings. */
export type Namespace = 'KEYS' | 'CATALOG'

/** The ids that Wrangler uses for namespaces without an id; kept once they have one, so that local state is never lost. */
export const localNamespaces: Record<Namespace, string> = { KEYS: 'KEYS', CATALOG: 'CATALOG' }

/** The default state directory; ignored by git. */
export const defaultState = resolve(projectRoot, '.gateway')

/** The path of workerd's files in a state directory; `v3` is Wrangler's layout version. */
export function toPersistencePath(state: string): string {
  return resolve(state, 'v3')
}

/** Opens a namespace of a state directory in a separate workerd process, which `close` ends. */
export async function openLocalKv(
  state: string,
  namespace: Namespace,
): Promise<{ kv: KeyValue; close: () => Promise<void> }> {
  const { convertV4MiniflareOptions, Miniflare, NoOpLog } = await import('miniflare')
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: 'tools',
      modules: [{ type: 'ESModule', path: 'tools.js', contents: 'export default {}' }],
      compatibilityDate: '2026-11-01',
      kvNamespaces: { [namespace]: localNamespaces[namespace] },
      resourcePersistencePath: toPersistencePath(state),
      log: new NoOpLog(),
      cf: false,
    }),
  )
  const kv = await miniflare.getKVNamespace(namespace)
  return { kv: withBusyRetries(kv), close: () => miniflare.dispose() }
}

/** Retries while another process writes: SQLite is then busy for milliseconds, and workerd's KV returns 500. */
function withBusyRetries(kv: KeyValue): KeyValue {
  const busy = {
    waits: [20, 50, 100, 200, 400, 800],
    isTransient: (error: unknown) =>
      error instanceof Error && /^KV \w+ failed: 500/.test(error.message),
  }
  return {
    get: (key, options) => withRetry(() => kv.get(key, options), busy),
    put: (key, value, options) => withRetry(() => kv.put(key, value, options), busy),
    list: (options) => withRetry(() => kv.list(options), busy),
  }
}
