/** A provider in the catalog: the server, how it is reached, and what it differs in. */
import * as z from 'zod/mini'

import type { AuthStyle } from '../../dialects/dialect.ts'
import { lazySchema } from '../../platform/lazy-schema.ts'
import { flag, positive, quirks, seconds, text } from './values.ts'

const authStyles = [
  'bearer',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'sigv4',
  'google-oauth',
  'none',
] as const satisfies readonly AuthStyle[]

/** Time limits of a provider, fractions allowed. Defaults are in resolved-target.ts. */
const timeouts = lazySchema(() =>
  z.strictObject({
    /** The time until the response headers of a stream (default 120). */
    connect_seconds: z.optional(seconds),
    /** The time until the first byte of the response body (default 600). */
    first_byte_seconds: z.optional(seconds),
    /** The time between two bytes of a stream, comments included (default 300). */
    idle_seconds: z.optional(seconds),
    /** The time for the whole response (default 3600). */
    total_seconds: z.optional(seconds),
  }),
)

/** The timeouts of a provider, as the catalog has them. */
export type Timeouts = z.infer<typeof timeouts>

/** Cloudflare AI Gateway, through which the provider's requests are sent. */
const aiGateway = lazySchema(() =>
  z.strictObject({
    /** Cloudflare account ID. */
    account: text,
    /** Name of the gateway. */
    gateway: text,
    /** Name of the Worker secret with the token of an authenticated gateway. */
    secret: z.optional(z.string()),
    /** The provider's path at the gateway, if the preset has none: `custom-lab/v1`. */
    path: z.optional(text),
  }),
)

const via = lazySchema(() =>
  z.strictObject({
    /** Cloudflare AI Gateway. */
    ai_gateway: aiGateway,
  }),
)

/** The schema of an entry of `providers`. */
export const providerSchema = z.strictObject({
  /** A built-in vendor; every other field given here overrides the preset's. */
  preset: z.optional(z.string()),
  /** The protocol that the server speaks. */
  dialect: z.optional(z.string()),
  /** Base URL of the server. Required without a preset, and with presets that have none. */
  base_url: z.optional(z.string()),
  /** Name of the Worker secret with the provider's API key; null for a provider without keys. */
  secret: z.nullish(z.string()),
  /** Instead of `secret`: several, over which requests are spread. Unset secrets are skipped. */
  secrets: z.optional(z.array(z.string()).check(z.minLength(1))),
  /** How the secret is sent. */
  auth: z.optional(z.enum(authStyles)),
  /** Sends requests through an intermediary instead of to `base_url`. */
  via: z.optional(via),
  /** Headers to send with each request. API keys belong in `secret`. */
  headers: z.optional(z.record(z.string(), z.string())),
  /** How this server differs from what its dialect expects (docs/reference/quirks.md). */
  quirks,
  /** Time limits. */
  timeouts: z.optional(timeouts),
  /**
   * Whether non-streaming requests are streamed from the provider. By default those that ask for
   * more than 4,096 tokens are.
   */
  stream_plain: flag,
  /** `native`: message batches are sent as jobs of the server's own batch API, at half price; `loop` (default): as single requests. */
  batch: z.optional(z.enum(['loop', 'native'])),
  /** Requests of message batches that one consumer sends to this server at once (default 4). */
  batch_concurrency: z.optional(positive),
})

/** An entry of `providers` in the catalog. */
export type CatalogProvider = z.infer<typeof providerSchema>
