/** The parameters of lists of files and batches. */
import * as z from 'zod/mini'

import { invalidAt } from '../../anthropic/error.ts'
import { append } from '../../platform/append.ts'

const limit = z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1000)), 20)

/** The parameters of files: `page` is the id of the last file of the page before. */
export const listQuery = z.object({ limit, page: z.optional(z.string()) })

/** The parameters of batches, and of files in the first beta. */
export const pageQuery = z.object({
  limit,
  after_id: z.optional(z.string()),
  before_id: z.optional(z.string()),
})

const maxIds = 100

/** The ids of `ids[]`; undefined if there are none. Throws a GatewayError `invalid_request` for too many. */
export function idsOf(parameters: URLSearchParams): string[] | undefined {
  const ids = parameters.getAll('ids[]')
  append(ids, parameters.getAll('ids'))
  if (ids.length > maxIds) {
    throw invalidAt('ids', `List should have at most ${maxIds} items`)
  }
  return ids.length === 0 ? undefined : ids
}
