/** Who changed which key, how, and when. Rows stand in KV beside the keys, and hold no secret. */
import * as z from 'zod/mini'

import type { KeyValue, ListPage } from '../platform/key-value.ts'

const auditRow = z.lazy(() =>
  z.object({
    /** ISO 8601. */
    at: z.string(),
    /** `cli:<user>` or `key:<id of an admin key>`. */
    actor: z.string(),
    action: z.enum(['create', 'update', 'rotate', 'revoke']),
    /** What was set, field by field. */
    changes: z.record(z.string(), z.unknown()),
  }),
)
export type AuditRow = z.infer<typeof auditRow>

const prefix = 'audit:'

const keptSeconds = 400 * 86_400

/** At most this many rows are read, the latest. */
const maxRead = 50

/** Adds a row. Its name is its own, so no two changes write to one. */
export async function writeAudit(
  kv: KeyValue,
  { id, at, ...row }: Omit<AuditRow, 'at'> & { id: string; at: Date },
): Promise<void> {
  const name = `${prefix}${id}:${at.toISOString()}:${crypto.randomUUID().slice(0, 8)}`
  const value: AuditRow = { at: at.toISOString(), ...row }
  const expiration = Math.ceil(at.getTime() / 1000) + keptSeconds
  await kv.put(name, JSON.stringify(value), { expiration })
}

/** The latest changes of a key, the oldest first. */
export async function readAudit(kv: KeyValue, id: string): Promise<AuditRow[]> {
  const names: string[] = []
  let page: ListPage | undefined
  do {
    const cursor = page?.cursor
    page = await kv.list({
      prefix: `${prefix}${id}:`,
      ...(cursor === undefined ? {} : { cursor }),
    })
    names.push(...page.keys.map(({ name }) => name))
  } while (!page.list_complete)
  const texts = await Promise.all(names.slice(-maxRead).map((name) => kv.get(name)))
  return texts.flatMap((text) => {
    const row = text === null ? undefined : auditRow.safeParse(JSON.parse(text)).data
    return row === undefined ? [] : [row]
  })
}
