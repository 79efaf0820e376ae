/** What an answer cost, by the price that the catalog names. Whole nano-dollars, so that no sum drifts. Pure. */
import type { TokenUsage } from '../anthropic/answer/part.ts'
import type { CatalogModel } from './schema.ts'

export type Price = NonNullable<CatalogModel['price']>

export const nanoPerUsd = 1_000_000_000

/** A price in dollars per million tokens is so many pico-dollars a token; more places do not count. */
const picoPerPrice = 1_000_000

const picoPerNano = 1000

/** What a cache write for one hour costs, in prices of input (https://docs.claude.com/en/docs/build-with-claude/prompt-caching#pricing). */
const hourlyWriteFactor = 2

/** In nano-dollars. Cached tokens cost what input does where they have no price of their own. */
export function toNanoCost(usage: TokenUsage, price: Price): number {
  const { input, output, cache_read: read = input, cache_write: write = input } = price
  const hourly = usage.cacheWrite1h ?? 0
  const pico =
    usage.input * toPico(input) +
    usage.output * toPico(output) +
    usage.cacheRead * toPico(read) +
    (usage.cacheWrite - hourly) * toPico(write) +
    hourly * toPico(input * hourlyWriteFactor)
  return Math.round(pico / picoPerNano)
}

function toPico(price: number): number {
  return Math.round(price * picoPerPrice)
}
