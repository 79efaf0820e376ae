/**
 * The catalogue's shape: what an operator writes. Unknown fields are refused, since a misspelt one
 * would do nothing in silence. What the shape cannot say is in check.ts.
 */
import * as z from 'zod/mini'

import type { AuthStyle } from '../dialects/dialect.ts'

const authStyles = [
  'bearer',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'sigv4',
  'google-oauth',
  'none',
] as const satisfies readonly AuthStyle[]

const positive = z.number().check(z.int(), z.positive())
const usd = z.number().check(z.gte(0))
const timestamp = z.iso.datetime({ offset: true })
const flag = z.optional(z.boolean())
/** Its fields are the dialect's own (see the dialect's quirks.ts). */
const quirks = z.optional(z.record(z.string(), z.unknown()))

const seconds = z.number().check(z.positive())

/** How long the provider may take; tests set fractions. Defaults are in upstream.ts. */
const timeouts = z.strictObject({
  /** Until the head of a stream. */
  connect_seconds: z.optional(seconds),
  /** Until the first byte of an answer. */
  first_byte_seconds: z.optional(seconds),
  /** Between two bytes of a stream, comments counted. */
  idle_seconds: z.optional(seconds),
  /** For the whole answer. */
  total_seconds: z.optional(seconds),
})
export type Timeouts = z.infer<typeof timeouts>

/** Cloudflare AI Gateway: the provider's own requests, sent through there. */
const aiGateway = z.strictObject({
  account: z.string().check(z.minLength(1)),
  gateway: z.string().check(z.minLength(1)),
  /** Name of the Worker secret with its token, where it is an authenticated gateway. */
  secret: z.optional(z.string()),
  /** The provider's place there, where the preset does not know it: `custom-lab/v1`. */
  path: z.optional(z.string().check(z.minLength(1))),
})

const provider = z.strictObject({
  /** A vendor whose data is built in; whatever else is given here stands over it. */
  preset: z.optional(z.string()),
  dialect: z.optional(z.string()),
  base_url: z.optional(z.string()),
  /** Name of the Worker secret with the provider's key; null for a provider that asks for none. */
  secret: z.optional(z.nullable(z.string())),
  /** In place of `secret`: several, among which requests are spread. One that is not set is passed over. */
  secrets: z.optional(z.array(z.string()).check(z.minLength(1))),
  auth: z.optional(z.enum(authStyles)),
  /** Another way to the provider than its own address. */
  via: z.optional(z.strictObject({ ai_gateway: aiGateway })),
  headers: z.optional(z.record(z.string(), z.string())),
  quirks,
  timeouts: z.optional(timeouts),
  /**
   * Whether requests that want their answer in one piece are streamed from the provider all the same.
   * Where it is not given: those that may be long.
   */
  stream_plain: flag,
})
export type CatalogProvider = z.infer<typeof provider>

const target = z.strictObject({
  provider: z.string(),
  /** The model's name there; `*` is what the id's `*` matched. */
  model: z.string().check(z.minLength(1)),
  quirks,
  /** Where it differs from the model's: a request that is too long for one may go to a larger one. */
  max_input_tokens: z.optional(positive),
  /** Share of the requests among targets of one priority. */
  weight: z.optional(z.number().check(z.positive())),
  /** Lower is tried first; the order of the list where it is not given. */
  priority: z.optional(z.number().check(z.int())),
})
export type CatalogTarget = z.infer<typeof target>

const capabilities = z.strictObject({
  batch: flag,
  citations: flag,
  code_execution: flag,
  context_management: flag,
  effort: flag,
  image_input: flag,
  pdf_input: flag,
  server_tools: flag,
  structured_outputs: flag,
  thinking: flag,
})
export type Capabilities = z.infer<typeof capabilities>

/** USD per million tokens. */
const price = z.strictObject({
  input: usd,
  output: usd,
  cache_read: z.optional(usd),
  cache_write: z.optional(usd),
})

const model = z.strictObject({
  id: z.string(),
  display_name: z.optional(z.string().check(z.minLength(1))),
  created_at: z.optional(timestamp),
  max_input_tokens: z.optional(positive),
  max_tokens: z.optional(positive),
  /** What is not named counts as unknown, and is tried. */
  capabilities: z.optional(capabilities),
  lifecycle: z.optional(z.enum(['active', 'deprecated', 'retired'])),
  deprecated_at: z.optional(timestamp),
  retires_at: z.optional(timestamp),
  line: z.optional(z.string().check(z.minLength(1))),
  /** Whether `/v1/models` shows it; ids with a `*` never are. */
  listed: flag,
  targets: z.array(target).check(z.minLength(1)),
  price: z.optional(price),
  /** `native` asks the provider, where its dialect can count; otherwise the gateway estimates. */
  count_tokens: z.optional(z.enum(['local', 'native'])),
})
export type CatalogModel = z.infer<typeof model>

export const catalogSchema = z.strictObject({
  /** Lets editors find a schema; not read. */
  $schema: z.optional(z.string()),
  version: z.literal(1),
  providers: z.record(z.string(), provider),
  models: z.array(model),
  aliases: z.optional(z.record(z.string(), z.string())),
})
export type Catalog = z.infer<typeof catalogSchema>
