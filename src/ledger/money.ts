/** Costs in the ledger: integer nano-dollars. A model without a price is free. */
import type { TokenUsage } from '../anthropic/answer/part.ts'
import type { Price } from '../catalog/price.ts'
import { nanoPerUsd, toNanoCost } from '../catalog/price.ts'
import type { NanoUsd } from './protocol.ts'

/** Returns the cost of a usage. */
export function toPrice(price: Price | undefined, usage: TokenUsage): NanoUsd {
  return price === undefined ? 0 : toNanoCost(usage, price)
}

/** Returns the maximal costs of a prompt, at the highest of its rates, and of an output. */
export function toHighestCosts(
  price: Price | undefined,
  { input, output }: { input: number; output: number },
): { inputCost: NanoUsd; outputCost: NanoUsd } {
  const none = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, thinking: 0 }
  return {
    inputCost: Math.max(
      toPrice(price, { ...none, input }),
      toPrice(price, { ...none, cacheWrite: input }),
    ),
    outputCost: toPrice(price, { ...none, output }),
  }
}

/** Converts dollars to nano-dollars. */
export function toNano(usd: number): NanoUsd {
  return Math.round(usd * nanoPerUsd)
}

/** Formats an amount as `$1.50`, with more decimals for a small amount. */
export function describeUsd(nano: NanoUsd): string {
  const usd = nano / nanoPerUsd
  return `$${usd === 0 || usd >= 0.01 ? usd.toFixed(2) : usd.toPrecision(2)}`
}

/**
 * Formats an amount as a decimal of RFC 9651, which has at most three decimals, rounded down:
 * `3.25`.
 */
export function describeNano(nano: NanoUsd): string {
  const milli = Math.floor(nano / (nanoPerUsd / 1000))
  return `${Math.floor(milli / 1000)}.${String(milli % 1000).padStart(3, '0')}`
}
