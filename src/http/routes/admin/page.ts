/** Pages of lists, with Anthropic's parameters. */
import * as z from 'zod/mini'

/** The ledger of each entry of a page is read, so pages are smaller than Anthropic's maximum. */
const maxPage = 100

/** The parameters of a page. */
export interface Page {
  limit: number
  after_id?: string | undefined
  before_id?: string | undefined
}

/** The parameters of a page, for the schema of a query. */
export function toPageFields() {
  return {
    limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1000)), 20),
    after_id: z.optional(z.string()),
    before_id: z.optional(z.string()),
  }
}

/** The page of a list that a query asks for. */
export function cutPage<Item extends { id: string }>(
  all: readonly Item[],
  { limit, after_id: after, before_id: before }: Page,
): { items: Item[]; hasMore: boolean } {
  const size = Math.min(limit, maxPage)
  if (before !== undefined) {
    const end = all.findIndex(({ id }) => id === before)
    const start = Math.max(0, end - size)
    return { items: all.slice(start, Math.max(0, end)), hasMore: start > 0 }
  }
  const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1
  return { items: all.slice(start, start + size), hasMore: start + size < all.length }
}

/** A list's answer. */
export function toPage(
  items: readonly { id: string }[],
  data: readonly object[],
  hasMore: boolean,
): object {
  const [first, last] = [items[0]?.id ?? null, items.at(-1)?.id ?? null]
  return { data, has_more: hasMore, first_id: first, last_id: last }
}
