/** Reads prices of model lists: strings are per token, numbers per million tokens. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject } from '../../anthropic/json.ts'
import type { CatalogModel } from '../../catalog/schema/model.ts'
import { defined } from '../../platform/defined.ts'

/** The names of each rate in model lists. */
const names = {
  input: ['prompt', 'input'],
  output: ['completion', 'output'],
  cache_read: ['input_cache_read', 'cache_read', 'cache_input'],
  cache_write: ['input_cache_write', 'cache_write'],
  cache_write_1h: ['input_cache_write_1h', 'cache_write_1h'],
} as const

type Rate = keyof typeof names

/** The price in USD per million tokens; undefined if input or output is missing. */
export function toPrice(entry: JsonObject): CatalogModel['price'] {
  const pricing = asObject(entry['pricing']) ?? asObject(asObject(entry['model_spec'])?.['pricing'])
  if (pricing === undefined) {
    return undefined
  }
  const base = toRates((rate) => usdAt(pricing, names[rate]))
  const tiers = toTiers(pricing)
  return base === undefined || tiers.length === 0 ? base : { ...base, tiers }
}

function toRates(read: (rate: Rate) => number | undefined) {
  const [input, output] = [read('input'), read('output')]
  const [cacheRead, cacheWrite] = [read('cache_read'), read('cache_write')]
  const hourly = read('cache_write_1h')
  if (input === undefined || output === undefined) {
    return undefined
  }
  return {
    input,
    output,
    ...defined({ cache_read: cacheRead, cache_write: cacheWrite, cache_write_1h: hourly }),
  }
}

/**
 * Tiers for long prompts, as Vercel's list has them for each rate: `input_tiers` of `{ cost, min, max }`,
 * where `min` is the first count of tokens that a tier applies to
 * (https://vercel.com/docs/ai-gateway/models-and-providers).
 */
function toTiers(pricing: JsonObject): NonNullable<NonNullable<CatalogModel['price']>['tiers']> {
  const steps = (rate: Rate): { min: number; usd: number | undefined }[] =>
    names[rate]
      .flatMap((name) => asArray(pricing[`${name}_tiers`]))
      .flatMap((step) => {
        const { cost, min } = asObject(step) ?? {}
        return typeof min === 'number' && min > 1 ? [{ min, usd: toUsd(cost) }] : []
      })
  return steps('input').flatMap(({ min }) => {
    const found = toRates(
      (rate) => steps(rate).find((step) => step.min === min)?.usd ?? usdAt(pricing, names[rate]),
    )
    return found === undefined ? [] : [{ above_input_tokens: min - 1, ...found }]
  })
}

function usdAt(pricing: JsonObject, known: readonly string[]): number | undefined {
  return known.map((name) => toUsd(pricing[name])).find((usd) => usd !== undefined)
}

/** A price in USD per million tokens; undefined for negative ones, which mean "variable". */
function toUsd(value: unknown): number | undefined {
  if (typeof value === 'string') {
    // 0.000000075 × 1,000,000 is not quite 0.075.
    const perMillion = Number((Number(value) * 1_000_000).toPrecision(12))
    return value.trim() !== '' && perMillion >= 0 ? perMillion : undefined
  }
  const usd = asObject(value)?.['usd'] ?? value
  return typeof usd === 'number' && usd >= 0 ? usd : undefined
}
