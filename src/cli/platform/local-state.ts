/**
 * The state of local gateways: KV as workerd keeps it, in SQLite files in one folder. A gateway that
 * runs and a tool beside it open the same files; SQLite lets one of them write at a time, and both read
 * what was written at once. `wrangler … --local --persist-to DIR` opens them too.
 */
import { resolve } from 'node:path'

import type { KeyValue } from '../../platform/key-value.ts'
import { withRetry } from './retry.ts'
import { projectRoot } from './wrangler.ts'

export type Namespace = 'KEYS' | 'CATALOG'

/** As wrangler names namespaces that have no id yet; also used once they have, so that state is never lost. */
export const localNamespaces: Record<Namespace, string> = { KEYS: 'KEYS', CATALOG: 'CATALOG' }

/** Git ignores it. */
export const defaultState = resolve(projectRoot, '.gateway')

/** Where in a state folder workerd keeps its files; the version is wrangler's. */
export function toPersistencePath(state: string): string {
  return resolve(state, 'v3')
}

/** A namespace of a state folder, in a workerd of its own that `close` ends. */
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
  return { kv: patiently(kv), close: () => miniflare.dispose() }
}

/** While another process writes, SQLite is busy and workerd's KV answers 500. It is over in milliseconds. */
function patiently(kv: KeyValue): KeyValue {
  const busy = {
    waits: [20, 50, 100, 200, 400, 800],
    passes: (error: unknown) => error instanceof Error && /^KV \w+ failed: 500/.test(error.message),
  }
  return {
    get: (key, options) => withRetry(() => kv.get(key, options), busy),
    put: (key, value, options) => withRetry(() => kv.put(key, value, options), busy),
    list: (options) => withRetry(() => kv.list(options), busy),
  }
}
