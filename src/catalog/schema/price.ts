/** The price of a model in the catalog. */
import * as z from 'zod/mini'

import { lazySchema } from '../../platform/lazy-schema.ts'
import { positive, usd } from './values.ts'

/** The rates in USD per million tokens. */
const rates = {
  /** Input tokens outside the prompt cache. */
  input: usd,
  /** Output tokens, reasoning included. */
  output: usd,
  /** Tokens read from the prompt cache (default: `input`). */
  cache_read: z.optional(usd),
  /** Tokens written to the prompt cache for 5 minutes (default: `input`). */
  cache_write: z.optional(usd),
  /** Tokens written to the prompt cache for 1 hour (default: twice `input`). */
  cache_write_1h: z.optional(usd),
}

const tier = lazySchema(() =>
  z.strictObject({
    /** The tier applies to the whole request if its prompt, cached tokens included, is longer than this. */
    above_input_tokens: positive,
    ...rates,
  }),
)

const factors = z.optional(lazySchema(() => z.record(z.string(), usd)))

const multipliers = lazySchema(() =>
  z.strictObject({
    /** Factors by the `speed` that the provider reports: `{ "fast": 6 }`. */
    speed: factors,
    /** Factors by the `inference_geo` that the provider reports: `{ "us": 1.1 }`. */
    inference_geo: factors,
    /**
     * Factors by the service tier that the provider reports, in lower case: `{ "priority": 2, "flex": 0.5 }`.
     */
    service_tier: factors,
  }),
)

/** The schema of `price`: US dollars per million tokens, with tiers and multipliers. */
export const priceSchema = lazySchema(() =>
  z.strictObject({
    ...rates,
    /** Web searches on the provider's servers, in USD per 1,000. */
    web_search: z.optional(usd),
    /** Other rates for long prompts. */
    tiers: z.optional(z.array(tier)),
    /** Factors on the price of all tokens. */
    multipliers: z.optional(multipliers),
  }),
)
