/** Reads prices of model lists: strings are per token, numbers per million tokens. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject } from '../../anthropic/json.ts'
import type { CatalogModel } from '../../catalog/schema.ts'

/** The price in USD per million tokens; undefined if input or output is missing. */
export function toPrice(entry: JsonObject): CatalogModel['price'] {
  const pricing = asObject(entry['pricing']) ?? asObject(asObject(entry['model_spec'])?.['pricing'])
  if (pricing === undefined) {
    return undefined
  }
  const input = usdAt(pricing, ['prompt', 'input'])
  const output = usdAt(pricing, ['completion', 'output'])
  if (input === undefined || output === undefined) {
    return undefined
  }
  const read = usdAt(pricing, ['input_cache_read', 'cache_read', 'cache_input'])
  const write = usdAt(pricing, ['input_cache_write', 'cache_write'])
  return {
    input,
    output,
    ...(read === undefined ? {} : { cache_read: read }),
    ...(write === undefined ? {} : { cache_write: write }),
  }
}

function usdAt(pricing: JsonObject, names: readonly string[]): number | undefined {
  return names.map((name) => toUsd(pricing[name])).find((usd) => usd !== undefined)
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
