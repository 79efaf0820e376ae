/**
 * The latest versions of the catalog, in KV beside it: `catalog-version:00` to `19`, written in turn, so that
 * none has to be deleted. Texts are kept as they were written.
 */
import * as z from 'zod/mini'

import type { KeyValue } from '../../platform/key-value.ts'
import { lazySchema } from '../../platform/lazy-schema.ts'
import { sha256 } from '../../platform/sha256.ts'
import { catalogEntry } from '../load.ts'

/** The number of versions that are kept. */
export const keptVersions = 20

const prefix = 'catalog-version:'

const summary = lazySchema(() =>
  z.object({
    /** Counts all versions that there were. */
    number: z.number(),
    /** The time in ISO 8601. */
    at: z.string(),
    /** The author, as the audit log names it; empty if unknown. */
    actor: z.string(),
    note: z.string(),
    /** The {@link toEtag} of the text. */
    etag: z.string(),
  }),
)

/** A version of the catalog without its text. */
export type CatalogVersion = z.infer<typeof summary>

/** What {@link toEtag} gives where KV has no catalog, and the built-in one is served. */
export const bundledEtag = '"bundled"'

/** A validator of a catalog's text, as HTTP has it. */
export async function toEtag(text: string | null): Promise<string> {
  return text === null ? bundledEtag : `"${(await sha256(text)).slice(0, 32)}"`
}

/** The versions, the latest first. */
export async function listVersions(kv: Pick<KeyValue, 'list'>): Promise<CatalogVersion[]> {
  const { keys } = await kv.list({ prefix })
  return keys
    .flatMap(({ metadata }) => summary.safeParse(metadata).data ?? [])
    .sort((a, b) => b.number - a.number)
}

/** The text of a version; undefined for one that is not kept. */
export async function readVersion(
  kv: Pick<KeyValue, 'get' | 'list'>,
  number: number,
): Promise<{ version: CatalogVersion; text: string } | undefined> {
  const version = (await listVersions(kv)).find((each) => each.number === number)
  const text = version && (await kv.get(toSlot(number)))
  return version !== undefined && typeof text === 'string' ? { version, text } : undefined
}

/** A change of the catalog: the new text, and the ETag of the one that its author has edited. */
export interface CatalogPush {
  /** A valid catalog. */
  text: string
  /** The validator of the text that the author has changed. */
  expected: string
  actor: string
  note: string
}

/** The new version, or the validator of the text that was written in the meantime. */
export type PushResult = { version: CatalogVersion } | { conflict: string }

/**
 * Writes a catalog and its version, unless the catalog is not the expected one. What a command has written
 * since the latest version becomes a version too. Not atomic: the caller serializes pushes.
 */
export async function pushCatalog(
  kv: KeyValue,
  { text, expected, actor, note }: CatalogPush,
  now: Date,
): Promise<PushResult> {
  const current = await kv.get(catalogEntry)
  const etag = await toEtag(current)
  if (etag !== expected) {
    return { conflict: etag }
  }
  const latest = (await listVersions(kv))[0]
  let number = (latest?.number ?? 0) + 1
  const at = now.toISOString()
  if (current !== null && latest?.etag !== etag) {
    await putVersion(kv, { number, at, actor: '', note: 'written by a command', etag }, current)
    number += 1
  }
  const version = { number, at, actor, note, etag: await toEtag(text) }
  await kv.put(catalogEntry, text)
  await putVersion(kv, version, text)
  return { version }
}

async function putVersion(kv: KeyValue, version: CatalogVersion, text: string): Promise<void> {
  await kv.put(toSlot(version.number), text, { metadata: version })
}

function toSlot(number: number): string {
  return prefix + String(number % keptVersions).padStart(2, '0')
}
