/**
 * What is stored of a group: keys that share a model list, limits and budgets. Unknown fields are
 * accepted, so that an older Worker reads newer records.
 */
import * as z from 'zod/mini'

import { keyLimits } from '../limits.ts'

/**
 * The keys of a disabled group are rejected until it is active again. A deleted one has no keys, and
 * remains only to name what was used.
 */
const status = z.enum(['active', 'disabled', 'deleted'])
const timestamp = z.iso.datetime({ offset: true })

/** The schema of a stored group. */
export const groupRecord = z.object({
  id: z.string(),
  name: z.string(),
  created_at: timestamp,
  status,
  /** Model ids or wildcards; a key of the group may use what its own list and this one allow. */
  models: z.array(z.string()),
  limits: keyLimits,
  metadata: z.record(z.string(), z.string()),
  /** Grows with every change, so that the group's ledger can recognize a stale copy. */
  version: z.number(),
})

/** A stored group. */
export type GroupRecord = z.infer<typeof groupRecord>

/** KV metadata of a group, so that a list of all groups is one call. */
export const groupSummary = z.object({ name: z.string(), status, created_at: timestamp })

/** A group in a list, from the metadata of its entry in KV. */
export type ListedGroup = { id: string } & z.infer<typeof groupSummary>
