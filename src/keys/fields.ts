/**
 * The fields of a key that its creator may set, with the same rules for the command and the Admin
 * API.
 */
import * as z from 'zod/mini'

import { applyLimits, InvalidChange, limitsPatch } from './limits-patch.ts'
import { scopes } from './record.ts'
import type { KeyFields } from './store.ts'

const names = z.array(z.string().check(z.minLength(1))).check(z.minLength(1))

/**
 * The input for a key. Every field is optional: a new key has defaults, a changed one keeps its
 * values.
 */
export const keyInput = z.strictObject({
  name: z.optional(z.string().check(z.minLength(1), z.maxLength(100))),
  /** The expiration in ISO 8601; null for never. */
  expires_at: z.nullish(z.iso.datetime({ offset: true })),
  /** The models that the key may use: ids or wildcards. */
  models: z.optional(names),
  scopes: z.optional(z.array(z.enum(scopes)).check(z.minLength(1))),
  limits: z.optional(limitsPatch),
  metadata: z.optional(z.record(z.string(), z.string())),
  /** Null for no group. */
  group_id: z.nullish(z.string()),
})

/** The fields of a key that its creator sets. */
export type KeyInput = z.infer<typeof keyInput>

/** The fields of a new key. */
export function toNewFields(name: string, input: Omit<KeyInput, 'name'>): KeyFields {
  return {
    name,
    expires_at: input.expires_at ?? null,
    models: input.models ?? ['*'],
    scopes: input.scopes ?? ['inference'],
    limits: applyLimits({}, input.limits ?? {}),
    metadata: input.metadata ?? {},
    group_id: input.group_id ?? undefined,
  }
}

/** The fields of a key after a change. */
export function toChangedFields(
  fields: KeyFields,
  { limits, group_id, ...input }: KeyInput,
): KeyFields {
  const given = Object.entries(input).filter(([, value]) => value !== undefined)
  return {
    ...fields,
    ...Object.fromEntries(given),
    limits: limits === undefined ? fields.limits : applyLimits(fields.limits, limits),
    group_id: group_id === undefined ? fields.group_id : (group_id ?? undefined),
  }
}

/** How far behind the clock of a client may be, its request's time on the way included: such an end is not a mistake. */
const clockSkewMs = 30_000

/** Throws an {@link InvalidChange} for an expiration or the end of a raise that is clearly in the past. */
export function checkDates({ expires_at: expiresAt, limits = {} }: KeyInput, now: Date): void {
  const isPast = (date: string): boolean => Date.parse(date) <= now.getTime() - clockSkewMs
  if (typeof expiresAt === 'string' && isPast(expiresAt)) {
    throw new InvalidChange(`expires_at: ${expiresAt} is in the past.`)
  }
  const budgets = [limits, ...Object.values(limits.models ?? {})].flatMap(
    (some) => some?.budgets ?? [],
  )
  const ended = budgets.find(({ until }) => until !== undefined && isPast(until))
  if (ended !== undefined) {
    throw new InvalidChange(`until: ${ended.until} is in the past.`)
  }
}
