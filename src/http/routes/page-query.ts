/** Pages of lists, with Anthropic's parameters. */
import * as z from 'zod/mini'

import { invalidAt } from '../../anthropic/error.ts'
import { append } from '../../platform/append.ts'

const limitField = z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1000)), 20)

/** The parameters of files: `page` is the id of the last file of the page before. */
export const listQuery = z.object({ limit: limitField, page: z.optional(z.string()) })

/** The parameters of most lists: pages begin after an id, or end before one. */
export const pageQuery = z.object({
  limit: limitField,
  after_id: z.optional(z.string()),
  before_id: z.optional(z.string()),
})

/** A page of a list: its data, the ids of its first and last item, and whether there are more. */
export function toPage(
  items: readonly { id: string }[],
  data: readonly object[],
  hasMore: boolean,
): object {
  const [first, last] = [items[0]?.id ?? null, items.at(-1)?.id ?? null]
  return { data, has_more: hasMore, first_id: first, last_id: last }
}

/** The ledger of each entry of such a page is read, so pages are smaller than Anthropic's maximum. */
const maxCut = 100

/** The page of a whole list that a query asks for. */
export function cutPage<Item extends { id: string }>(
  all: readonly Item[],
  { limit, after_id: after, before_id: before }: z.infer<typeof pageQuery>,
): { items: Item[]; hasMore: boolean } {
  const size = Math.min(limit, maxCut)
  if (before !== undefined) {
    const end = all.findIndex(({ id }) => id === before)
    const start = Math.max(0, end - size)
    return { items: all.slice(start, Math.max(0, end)), hasMore: start > 0 }
  }
  const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1
  return { items: all.slice(start, start + size), hasMore: start + size < all.length }
}

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
