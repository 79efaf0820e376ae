/** From tokens and the catalogue's prices to nano-dollars. Whole numbers: sums are exact. */
import type { TokenUsage } from '../anthropic/part.ts'
import type { CatalogModel } from '../catalog/schema.ts'
import type { NanoUsd } from './entry.ts'

type Price = NonNullable<CatalogModel['price']>

/** A price in dollars per million tokens has at most six places that count: whole pico-dollars a token. */
const picoPerPrice = 1_000_000

const picoPerNano = 1000

export const nanoPerUsd = 1_000_000_000

/** Caching costs what input costs where the catalogue does not say. A model without a price is free. */
export function toCost(price: Price | undefined, usage: TokenUsage): NanoUsd {
  if (price === undefined) {
    return 0
  }
  const { input, output, cache_read: read = input, cache_write: write = input } = price
  const pico =
    usage.input * toPico(input) +
    usage.output * toPico(output) +
    usage.cacheRead * toPico(read) +
    usage.cacheWrite * toPico(write)
  return Math.round(pico / picoPerNano)
}

/** The most that a request can cost: all of the prompt at the dearest rate, all of `max_tokens` written. */
export function toHighestCost(
  price: Price | undefined,
  { input, output }: { input: number; output: number },
): NanoUsd {
  const dearest = price && Math.max(price.input, price.cache_write ?? 0)
  return price === undefined || dearest === undefined
    ? 0
    : toCost(
        { input: dearest, output: price.output },
        { input, output, cacheRead: 0, cacheWrite: 0, thinking: 0 },
      )
}

/** A budget as it is written. */
export function toNano(usd: number): NanoUsd {
  return Math.round(usd * nanoPerUsd)
}

/** `$1.50`; as many places as it takes to show a small amount. */
export function describeUsd(nano: NanoUsd): string {
  const usd = nano / nanoPerUsd
  return `$${usd === 0 || usd >= 0.01 ? usd.toFixed(2) : usd.toPrecision(2)}`
}

function toPico(price: number): number {
  return Math.round(price * picoPerPrice)
}
