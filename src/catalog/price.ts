/**
 * Computes the cost of a response by the price in the catalog, in integer pico-dollars that are
 * rounded once to nano-dollars, so that sums do not drift. Pure.
 */
import type { BillingTerms, TokenUsage } from '../anthropic/answer/part.ts'
import type { Catalog } from './schema/catalog.ts'
import type { CatalogModel } from './schema/model.ts'

/** The price of a model, as the catalog has it. */
export type Price = NonNullable<CatalogModel['price']>

/** Nano-dollars per dollar. Costs are integers of nano-dollars. */
export const nanoPerUsd = 1_000_000_000

/** A price of one dollar per million tokens, in pico-dollars per token. Further decimals are dropped. */
const picoPerPrice = 1_000_000

const picoPerNano = 1000

const searchesPerPrice = 1000

/** Factor of 1-hour cache writes over input (https://docs.claude.com/en/docs/build-with-claude/prompt-caching#pricing). */
const hourlyWriteFactor = 2

/** Whether every target of a model has a price, its own or the model's. */
export function isPriced({ price, targets }: CatalogModel): boolean {
  return price !== undefined || targets.every((target) => target.price !== undefined)
}

/** The ids of models without a price, wildcards too, as far as `isAllowed`. */
export function listUnpriced(
  { models }: Pick<Catalog, 'models'>,
  isAllowed: (id: string) => boolean = () => true,
): string[] {
  return models.filter((model) => !isPriced(model) && isAllowed(model.id)).map(({ id }) => id)
}

/** The cost in nano-dollars: always a safe integer, never negative. A count that is not one counts as 0. */
export function toNanoCost(usage: TokenUsage, price: Price): number {
  const prompt = toCount(usage.input) + toCount(usage.cacheRead) + toCount(usage.cacheWrite)
  const { input, output, cache_read: read = input, ...rates } = toRates(price, prompt)
  const { cache_write: write = input, cache_write_1h: hourlyWrite = input * hourlyWriteFactor } =
    rates
  const hourly = Math.min(toCount(usage.cacheWrite1h), toCount(usage.cacheWrite))
  const tokens =
    toCount(usage.input) * toPico(input) +
    toCount(usage.output) * toPico(output) +
    toCount(usage.cacheRead) * toPico(read) +
    (toCount(usage.cacheWrite) - hourly) * toPico(write) +
    hourly * toPico(hourlyWrite)
  const searches = toCount(usage.webSearches) * toPico((price.web_search ?? 0) / searchesPerPrice)
  // The price of searches is per 1,000, that of tokens per million.
  const pico = tokens * toFactor(price, usage.terms) + searches * 1_000_000
  return Math.min(Math.round(pico / picoPerNano), Number.MAX_SAFE_INTEGER)
}

/** The rates for the length of a prompt: of the highest tier that it exceeds, or the base rates. */
function toRates(
  price: Price,
  prompt: number,
): Omit<Price, 'tiers' | 'multipliers' | 'web_search'> {
  const tiers = (price.tiers ?? []).filter((tier) => prompt > tier.above_input_tokens)
  return tiers.toSorted((a, b) => b.above_input_tokens - a.above_input_tokens)[0] ?? price
}

/** The product of the multipliers that apply. */
function toFactor({ multipliers = {} }: Price, terms: BillingTerms = {}): number {
  const { speed = {}, inference_geo: geography = {}, service_tier: tier = {} } = multipliers
  return (
    toOne(speed, terms.speed) *
    toOne(geography, terms.inference_geo) *
    toOne({ ...usualTiers, ...tier }, terms.service_tier)
  )
}

/** Factors of tiers that all vendors with batch APIs have alike, unless the catalog sets another. */
const usualTiers = { batch: 0.5 }

function toOne(factors: Readonly<Record<string, number>>, value: string | undefined): number {
  return value !== undefined && Object.hasOwn(factors, value) ? (factors[value] ?? 1) : 1
}

function toCount(count = 0): number {
  return Number.isSafeInteger(count) && count > 0 ? count : 0
}

function toPico(price: number): number {
  return Math.round(price * picoPerPrice)
}
