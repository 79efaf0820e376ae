/** Costs in the ledger: integer nano-dollars. A model without a price is free. */
import { noUsage } from '../anthropic/answer/add-usage.ts'
import type { BillingTerms, TokenUsage } from '../anthropic/answer/part.ts'
import type { Price } from '../catalog/price.ts'
import { nanoPerUsd, toNanoCost } from '../catalog/price.ts'
import type { NanoUsd } from './protocol.ts'

/** Returns the cost of a usage. */
export function toPrice(price: Price | undefined, usage: TokenUsage): NanoUsd {
  return price === undefined ? 0 : toNanoCost(usage, price)
}

/**
 * Returns the maximal costs of a prompt and of an output, whichever of the prices applies: at the highest
 * rate for prompts, in the tier of the prompt's length. `terms`: what the request asks for.
 */
export function toHighestCosts(
  prices: readonly (Price | undefined)[],
  { input, output, terms = {} }: { input: number; output: number; terms?: BillingTerms },
): { inputCost: NanoUsd; outputCost: NanoUsd } {
  const costs = prices.map((price) => ({
    input: Math.max(
      ...toPromptUsages(price, input).map((usage) => toPrice(price, { ...usage, terms })),
    ),
    output:
      toPrice(price, { ...noUsage, input, output, terms }) -
      toPrice(price, { ...noUsage, input, terms }),
  }))
  return {
    inputCost: Math.max(0, ...costs.map((cost) => cost.input)),
    outputCost: Math.max(0, ...costs.map((cost) => cost.output)),
  }
}

/** The ways in which a provider may count a prompt. Writes for one hour exist if writes have a price. */
function toPromptUsages(price: Price | undefined, input: number): TokenUsage[] {
  const hasWrites = [price, ...(price?.tiers ?? [])].some(
    (rates) => rates?.cache_write !== undefined || rates?.cache_write_1h !== undefined,
  )
  return [
    { ...noUsage, input },
    { ...noUsage, cacheRead: input },
    { ...noUsage, cacheWrite: input },
    ...(hasWrites ? [{ ...noUsage, cacheWrite: input, cacheWrite1h: input }] : []),
  ]
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
