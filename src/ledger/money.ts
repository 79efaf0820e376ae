/** What requests cost, as the ledger counts it: whole nano-dollars. A model without a price is free. */
import type { TokenUsage } from '../anthropic/answer/part.ts'
import type { Price } from '../catalog/price.ts'
import { nanoPerUsd, toNanoCost } from '../catalog/price.ts'
import type { NanoUsd } from './protocol.ts'

/** By what the upstream counted. */
export function toPrice(price: Price | undefined, usage: TokenUsage): NanoUsd {
  return price === undefined ? 0 : toNanoCost(usage, price)
}

/** The most that a prompt, or so many written tokens, can cost: the prompt at the highest of its rates. */
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

/** A budget as it is written. */
export function toNano(usd: number): NanoUsd {
  return Math.round(usd * nanoPerUsd)
}

/** `$1.50`; as many places as it takes to show a small amount. */
export function describeUsd(nano: NanoUsd): string {
  const usd = nano / nanoPerUsd
  return `$${usd === 0 || usd >= 0.01 ? usd.toFixed(2) : usd.toPrecision(2)}`
}

/** `3.25`: a decimal of RFC 9651, which has at most three places; rounded down. */
export function describeNano(nano: NanoUsd): string {
  const milli = Math.floor(nano / (nanoPerUsd / 1000))
  return `${Math.floor(milli / 1000)}.${String(milli % 1000).padStart(3, '0')}`
}
