/**
 * The gateway that `npm start` runs on a state directory: a file there has its URL, so that commands can ask
 * it for what only its objects can do.
 */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { createKey } from '../../keys/store.ts'
import type { KeyValue } from '../../platform/key-value.ts'
import type { Gateway } from './admin-api.ts'

const fileName = 'running.json'

/** Milliseconds in which a running gateway answers. */
const healthTimeoutMs = 2000

/** Seconds for which the key of a command is valid. */
const keySeconds = 60

/** Notes the URL of a gateway that has started. */
export async function noteRunning(state: string, url: string): Promise<void> {
  await writeFile(join(state, fileName), JSON.stringify({ url }))
}

/** Removes the note when the gateway ends. */
export async function noteStopped(state: string): Promise<void> {
  await rm(join(state, fileName), { force: true })
}

/** The URL of the gateway that runs on a state directory; undefined where none answers. */
export async function findRunning(state: string): Promise<string | undefined> {
  try {
    const { url }: { url: string } = JSON.parse(await readFile(join(state, fileName), 'utf8'))
    const signal = AbortSignal.timeout(healthTimeoutMs)
    const response = await fetch(`${url}/health`, { signal })
    await response.arrayBuffer()
    return url
  } catch {
    // No note, or one that a killed gateway left behind.
    return undefined
  }
}

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
