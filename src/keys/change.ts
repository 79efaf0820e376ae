/**
 * Changes of a key: the only implementation of their rules, for commands and the Admin API. A
 * change applies to the identity with all its secrets; budgets and usage continue.
 */
import { defined } from '../platform/defined.ts'
import type { KeyValue } from '../platform/key-value.ts'
import { writeAudit } from './audit.ts'
import type { KeyInput } from './fields.ts'
import { checkDates, toChangedFields, toNewFields } from './fields.ts'
import { checkGroup } from './groups/change.ts'
import type { ChangeOptions } from './limits-patch.ts'
import { asFault } from './limits-patch.ts'
import type { KeyOwner, KeyRecord } from './record.ts'
import { isExpired } from './record.ts'
import type { Secret } from './store.ts'
import { createKey, mintRecord, putSecrets, readSecrets } from './store.ts'

/** A change of a key. */
export type KeyOperation =
  | { type: 'update'; fields: KeyInput; status?: 'active' | 'disabled' }
  /**
   * Creates a new secret; the valid ones stay valid for `graceMs`. `force`: even for a key whose
   * new secret would be rejected.
   */
  | { type: 'rotate'; graceMs: number; force?: boolean }
  | { type: 'revoke' }

/** A change of a key by its id; `actor` is for the audit log. */
export type KeyChange = KeyOperation & { id: string; actor: string }

/** The changed records, with the new key if there is one; or why nothing was changed. */
export type ChangedKey = { records: KeyRecord[]; key?: string } | { fault: string }

/** The maximal number of valid secrets: enough for overlapping rotations, and for KV's metadata. */
const maxLiveSecrets = 4

/** How long an expired secret is kept in the identity, in milliseconds. */
const keptMs = 30 * 86_400_000

/** Creates a key, or returns why not. `id` and `owner`: those of a person who signs in. */
export async function makeKey(
  kv: KeyValue,
  { name, ...input }: KeyInput & { name: string },
  { owner, ...options }: { now: Date; actor: string; id?: string; owner?: KeyOwner },
): Promise<ChangedKey> {
  return asFault(async () => {
    checkDates(input, options.now)
    await checkMembership(kv, input)
    const fields = { ...toNewFields(name, input), ...defined({ owner }) }
    const { key, record } = await createKey(kv, fields, options)
    return { records: [record], key }
  })
}

/** Makes a change, or returns why not. Undefined for an unknown key. */
export async function changeKey(
  kv: KeyValue,
  change: KeyChange,
  options: ChangeOptions<KeyRecord>,
): Promise<ChangedKey | undefined> {
  return asFault(async () => {
    if (change.type === 'update') {
      checkDates(change.fields, options.now)
      await checkMembership(kv, change.fields)
    }
    return decideChange(kv, change, options)
  })
}

/** Throws an {@link InvalidChange} for a group that a key cannot join. */
async function checkMembership(kv: KeyValue, { group_id: id }: KeyInput): Promise<void> {
  if (typeof id === 'string') {
    await checkGroup(kv, id)
  }
}

async function decideChange(
  kv: KeyValue,
  change: KeyChange,
  options: ChangeOptions<KeyRecord>,
): Promise<ChangedKey | undefined> {
  const secrets = await readSecrets(kv, change.id)
  const newest = secrets?.at(-1)
  if (secrets === undefined || newest === undefined) {
    return undefined
  }
  if (newest.record.status === 'revoked' && change.type !== 'revoke') {
    return { fault: `The key ${change.id} is revoked and cannot be changed.` }
  }
  switch (change.type) {
    case 'update':
      return update(kv, secrets, change, options)
    case 'rotate':
      return rotate(kv, secrets, change, options)
    case 'revoke':
      return revoke(kv, secrets, change, options)
  }
}

type Change<Type extends KeyOperation['type']> = Extract<KeyChange, { type: Type }>

async function update(
  kv: KeyValue,
  secrets: readonly Secret[],
  { actor, fields, status }: Change<'update'>,
  options: ChangeOptions<KeyRecord>,
): Promise<ChangedKey> {
  const { expires_at: expiresAt, ...rest } = fields
  const version = nextVersion(secrets)
  const last = secrets.length - 1
  const changed = secrets.map(({ hash, record }, index) => ({
    hash,
    record: {
      ...record,
      ...toChangedFields(record, rest),
      status: status ?? record.status,
      version,
      expires_at:
        expiresAt === undefined ? record.expires_at : endOf(record, expiresAt, index < last),
    },
  }))
  const changes = { ...fields, ...defined({ status }) }
  return write(kv, changed, { actor, action: 'update', changes, before: secrets, ...options })
}

/** The expiration of a secret after a change; a secret that was rotated away keeps its own. */
function endOf(record: KeyRecord, end: string | null, isOld: boolean): string | null {
  return isOld ? earlier(record.expires_at, end) : end
}

async function rotate(
  kv: KeyValue,
  secrets: readonly Secret[],
  { id, actor, graceMs, force = false }: Change<'rotate'>,
  options: ChangeOptions<KeyRecord>,
): Promise<ChangedKey> {
  const { now } = options
  if (secrets.at(-1)?.record.owner !== undefined) {
    return {
      fault: `The key ${id} belongs to a person who signs in, and gets its secrets only by sign-in (npm run login).`,
    }
  }
  const refused = force ? undefined : whyRefused(secrets.at(-1)?.record, now)
  if (refused !== undefined) {
    return {
      fault: `The key ${id} ${refused}, so its new secret would be rejected too. Change that first (keys update), or rotate with force.`,
    }
  }
  const live = secrets.filter(({ record }) => !isExpired(record, now.getTime()))
  const newest = secrets.at(-1)
  if (newest === undefined || live.length >= maxLiveSecrets) {
    return {
      fault: `The key ${id} has ${live.length} valid secrets; one must expire before the next rotation.`,
    }
  }
  const version = nextVersion(secrets)
  const { created_at: _, last_four: __, status, ...fields } = newest.record
  const { key, hash, record } = await mintRecord(id, fields, now)
  const end = new Date(now.getTime() + graceMs).toISOString()
  const kept = secrets.filter((secret) => !isExpired(secret.record, now.getTime() - keptMs))
  const changed = kept.map((secret) => ({
    hash: secret.hash,
    record: { ...secret.record, version, expires_at: earlier(secret.record.expires_at, end) },
  }))
  const changes = { last_four: record.last_four, previous_expire_at: end }
  const written = await write(kv, [...changed, { hash, record: { ...record, status, version } }], {
    actor,
    action: 'rotate',
    changes,
    before: secrets,
    ...options,
  })
  return { ...written, key }
}

function whyRefused(newest: KeyRecord | undefined, now: Date): string | undefined {
  if (newest?.status === 'disabled') {
    return 'is disabled'
  }
  return newest !== undefined && isExpired(newest, now.getTime())
    ? `has expired (${newest.expires_at})`
    : undefined
}

async function revoke(
  kv: KeyValue,
  secrets: readonly Secret[],
  { actor }: Change<'revoke'>,
  options: ChangeOptions<KeyRecord>,
): Promise<ChangedKey> {
  const version = nextVersion(secrets)
  const changed = secrets.map(({ hash, record }) => ({
    hash,
    record: { ...record, status: 'revoked' as const, version },
  }))
  return write(kv, changed, { actor, action: 'revoke', changes: {}, before: secrets, ...options })
}

interface WriteOptions extends ChangeOptions<KeyRecord> {
  actor: string
  action: KeyChange['type']
  changes: Record<string, unknown>
  /** The secrets as they were read. */
  before: readonly Secret[]
}

async function write(
  kv: KeyValue,
  secrets: readonly Secret[],
  { actor, action, changes, before, now, onDecided }: WriteOptions,
): Promise<{ records: KeyRecord[] }> {
  const records = secrets.map(({ record }) => record)
  const newest = records.at(-1)
  if (newest !== undefined) {
    onDecided?.(newest)
    await putSecrets(kv, secrets, { now, before: before.map(({ hash }) => hash) })
    await writeAudit(kv, { id: newest.id, at: now, actor, action, changes })
  }
  return { records }
}

function nextVersion(secrets: readonly Secret[]): number {
  return Math.max(...secrets.map(({ record }) => record.version ?? 0)) + 1
}

/** The earlier of two expirations; null is never. */
function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) {
    return a ?? b
  }
  return Date.parse(a) <= Date.parse(b) ? a : b
}
