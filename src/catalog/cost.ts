/** What an answer cost, by the price that the catalogue names. Pure. */
import type { Usage } from '../anthropic/message.ts'
import type { CatalogModel } from './schema.ts'

/** In USD. Cached tokens cost what input does where they have no price of their own. */
export function toCost(usage: Usage, price: NonNullable<CatalogModel['price']>): number {
  const { input, output, cache_read: read = input, cache_write: write = input } = price
  const micros =
    usage.input_tokens * input +
    usage.output_tokens * output +
    usage.cache_read_input_tokens * read +
    usage.cache_creation_input_tokens * write
  return micros / 1_000_000
}
