/**
 * The first two keys of a deployment: one for its admin, one for the team. They are written to a
 * file of this machine before they are written to KV, and removed from it when they have been shown,
 * so that a setup that is interrupted neither loses a key nor makes a second one.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

import * as z from 'zod/mini'

import { parseJson } from '../../anthropic/json.ts'
import { toNewFields } from '../../keys/fields.ts'
import { hashKey, keyEntry } from '../../keys/key.ts'
import { createKey, listKeys } from '../../keys/store.ts'
import type { KeyValue, ListPage, PutOptions } from '../../platform/key-value.ts'
import type { Entry } from '../platform/remote-kv.ts'

const keyNames = ['admin', 'team'] as const

/** The name of one of the first keys. */
export type KeyName = (typeof keyNames)[number]

/** Keys by name, as far as their secrets are known here. */
export type FirstKeys = Partial<Record<KeyName, string>>

/** The lifetime of the key of a smoke test in milliseconds. */
const smokeKeyMs = 10 * 60_000

const interruption = z.object({
  keys: z.object({ admin: z.exactOptional(z.string()), team: z.exactOptional(z.string()) }),
  entries: z.array(
    z.object({
      key: z.string(),
      value: z.string(),
      metadata: z.exactOptional(z.record(z.string(), z.unknown())),
      expiration: z.exactOptional(z.number()),
    }),
  ),
})

/** The places that the first keys are written to, under which actor of the audit log, and when. */
export interface FirstKeysOptions {
  kv: KeyValue
  /** Writes entries to KV at once. */
  putEntries: (entries: readonly Entry[]) => Promise<void>
  /** The file of keys that have not been shown. */
  file: string
  /** The author in the audit log. */
  actor: string
  now: Date
}

/**
 * Makes the keys that are missing: none where there are others, which were then set on purpose.
 * Returns those that have not been shown, which {@link forgetKeys} must follow.
 */
export async function makeFirstKeys(options: FirstKeysOptions): Promise<FirstKeys> {
  return (await resume(options)) ?? create(options)
}

/** Removes the file of {@link makeFirstKeys}, once the keys have been shown. */
export function forgetKeys(file: string): Promise<void> {
  return rm(file, { force: true })
}

/** Writes what an interrupted setup may not have written; undefined if none was interrupted. */
async function resume({ kv, putEntries, file }: FirstKeysOptions): Promise<FirstKeys | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const interrupted = interruption.safeParse(parseJson(text)).data
  const [first] = Object.values(interrupted?.keys ?? {})
  if (interrupted === undefined || first === undefined) {
    return undefined
  }
  // They are written at once, so that one of them shows whether all are there. What has been written may have
  // been changed since, and is not written again.
  if ((await kv.get(keyEntry(await hashKey(first)))) === null) {
    await putEntries(interrupted.entries)
  }
  return interrupted.keys
}

async function create({ kv, putEntries, file, actor, now }: FirstKeysOptions): Promise<FirstKeys> {
  const active = (await listKeys(kv)).filter(({ status }) => status === 'active')
  const missing = keyNames.filter((name) =>
    active.every((key) => key.name !== name && isFirst(key.name)),
  )
  const writes = new CollectedWrites()
  const keys: FirstKeys = {}
  for (const name of missing) {
    const fields = toNewFields(name, { scopes: [name === 'admin' ? 'admin' : 'inference'] })
    keys[name] = (await createKey(writes, fields, { now, actor })).key
  }
  if (missing.length > 0) {
    await mkdir(dirname(file), { recursive: true })
    const entries = writes.entries()
    await writeFile(file, JSON.stringify({ keys, entries }), { mode: 0o600 })
    await putEntries(entries)
  }
  return keys
}

/** Makes a key that KV deletes soon after the time in which requests can be tested with it. */
export async function makeSmokeKey({
  putEntries,
  now,
}: Pick<FirstKeysOptions, 'putEntries' | 'now'>): Promise<string> {
  const writes = new CollectedWrites()
  const fields = toNewFields('npm run setup', {
    expires_at: new Date(now.getTime() + smokeKeyMs).toISOString(),
  })
  const { key } = await createKey(writes, fields, { now, forget: true })
  await putEntries(writes.entries())
  return key
}

/** Writes to KV that are made later, at once: a new key takes several. */
class CollectedWrites implements KeyValue {
  readonly #entries = new Map<string, Entry>()

  entries(): Entry[] {
    return [...this.#entries.values()]
  }

  async get(key: string): Promise<string | null> {
    return this.#entries.get(key)?.value ?? null
  }

  async put(key: string, value: string, options: PutOptions = {}): Promise<void> {
    this.#entries.set(key, { key, value, ...options })
  }

  async list(): Promise<ListPage> {
    return { keys: [], list_complete: true }
  }
}

function isFirst(name: string): boolean {
  return keyNames.some((each) => each === name)
}
