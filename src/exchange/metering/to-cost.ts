/** The cost of one body, of which other models may have used a part at prices of their own. */
import type { ReportedUsage, TokenUsage } from '../../anthropic/answer/part.ts'
import type { Price } from '../../catalog/price.ts'
import { toPrice } from '../../ledger/money.ts'
import type { Admission } from '../record/exchange-record.ts'

/**
 * Computes the cost in nano-dollars. `price`: of the requested model; others without a price cost the same.
 */
export function toCost(
  usage: TokenUsage,
  others: ReportedUsage['otherModels'] = [],
  { price, priceOf }: { price: Price | undefined; priceOf: Admission['priceOf'] },
): number {
  let own = usage
  let cost = 0
  for (const { model, usage: used } of others) {
    own = subtract(own, used)
    cost += toPrice(priceOf(model) ?? price, used)
  }
  return cost + toPrice(price, own)
}

/** What is left; never negative, as counts may have been replaced by an estimate. */
function subtract(all: TokenUsage, part: TokenUsage): TokenUsage {
  return {
    ...all,
    input: Math.max(0, all.input - part.input),
    output: Math.max(0, all.output - part.output),
    cacheRead: Math.max(0, all.cacheRead - part.cacheRead),
    cacheWrite: Math.max(0, all.cacheWrite - part.cacheWrite),
    cacheWrite1h: Math.max(0, (all.cacheWrite1h ?? 0) - (part.cacheWrite1h ?? 0)),
  }
}
