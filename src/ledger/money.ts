/** What requests cost, as the ledger counts it: whole nano-dollars. A model without a price is free. */
import type { TokenUsage } from '../anthropic/answer/part.ts'
import type { Price } from '../catalog/cost.ts'
import { nanoPerUsd, toNanoCost } from '../catalog/cost.ts'
import type { NanoUsd } from './protocol.ts'

/** By what the upstream counted. */
export function toPrice(price: Price | undefined, usage: TokenUsage): NanoUsd {
  return price === undefined ? 0 : toNanoCost(usage, price)
}

/** The most that a request can cost: all of the prompt at the dearest rate, all of `max_tokens` written. */
export function toHighestPrice(
  price: Price | undefined,
  { input, output }: { input: number; output: number },
): NanoUsd {
  if (price === undefined) {
    return 0
  }
  const dearest = Math.max(price.input, price.cache_write ?? 0)
  const usage = { input, output, cacheRead: 0, cacheWrite: 0, thinking: 0 }
  return toNanoCost(usage, { input: dearest, output: price.output })
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
