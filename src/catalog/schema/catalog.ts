/**
 * The catalog's schema: what an operator writes. Unknown fields are rejected, since a misspelled
 * one would be ignored silently. Rules that a schema cannot express are in check.ts. The doc
 * comments at fields are what editors show (see docs/reference/catalog.schema.json).
 */
import * as z from 'zod/mini'

import { alertKinds } from '../../alerts/alert.ts'
import { formats } from '../../alerts/sink.ts'
import type { AuthStyle } from '../../dialects/dialect.ts'
import { lazySchema } from '../../platform/lazy-schema.ts'
import { identitySchema } from './sign-in.ts'

const authStyles = [
  'bearer',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'sigv4',
  'google-oauth',
  'none',
] as const satisfies readonly AuthStyle[]

const text = z.string().check(z.minLength(1))
const positive = z.number().check(z.int(), z.positive())
const usd = z.number().check(z.gte(0))
const timestamp = z.iso.datetime({ offset: true })
const flag = z.optional(z.boolean())
/** Quirks, whose fields are those of the dialect (see its quirks.ts). */
const quirks = z.optional(z.record(z.string(), z.unknown()))

const seconds = z.number().check(z.positive())

/** Time limits of a provider, fractions allowed. Defaults are in resolved-target.ts. */
const timeouts = lazySchema(() =>
  z.strictObject({
    /** Until the response headers of a stream (default 120). */
    connect_seconds: z.optional(seconds),
    /** Until the first byte of the response body (default 600). */
    first_byte_seconds: z.optional(seconds),
    /** Between two bytes of a stream, comments included (default 300). */
    idle_seconds: z.optional(seconds),
    /** For the whole response (default 3600). */
    total_seconds: z.optional(seconds),
  }),
)
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

const provider = z.strictObject({
  /** A built-in vendor; every other field given here overrides the preset's. */
  preset: z.optional(z.string()),
  /** The protocol that the server speaks. */
  dialect: z.optional(z.string()),
  /** Base URL of the server. Required without a preset, and with presets that have none. */
  base_url: z.optional(z.string()),
  /** Name of the Worker secret with the provider's API key; null for a provider without keys. */
  secret: z.optional(z.nullable(z.string())),
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
export type CatalogProvider = z.infer<typeof provider>

/** In USD per million tokens. */
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
    /** By the `speed` that the provider reports: `{ "fast": 6 }`. */
    speed: factors,
    /** By the `inference_geo` that the provider reports: `{ "us": 1.1 }`. */
    inference_geo: factors,
    /** By the service tier that the provider reports, in lower case: `{ "priority": 2, "flex": 0.5 }`. */
    service_tier: factors,
  }),
)

const price = lazySchema(() =>
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

/** Fields of both tools. */
const backEnd = {
  /** Name of the back end (docs/guides/web-search.md). */
  back_end: z.string(),
  /** Base URL of the back end (default: its public one). */
  base_url: z.optional(z.string()),
  /** Name of the Worker secret with the API key (default: by the back end); null for a back end without keys. */
  secret: z.optional(z.nullable(z.string())),
  /** Price of 1,000 requests in USD (default: the list price). */
  price: z.optional(usd),
}

const webSearch = lazySchema(() =>
  z.strictObject({
    ...backEnd,
    /** Results of a search (default 8). */
    max_results: z.optional(positive),
    /** Characters of text that all results of a search have together (default 12,000). */
    max_characters: z.optional(positive),
  }),
)

const webFetch = lazySchema(() =>
  z.strictObject({
    ...backEnd,
    /** Greatest length of a page in bytes (default 2,000,000). */
    max_bytes: z.optional(positive),
    /** Characters of text that a page is cut to (default 100,000). */
    max_characters: z.optional(positive),
    /** Whether pages are left alone that `robots.txt` disallows (default false). */
    robots: flag,
  }),
)

const toolSearch = lazySchema(() =>
  z.union([
    z.literal(false),
    z.strictObject({
      /** Deferred tools from which they are searched instead of loaded (default 30). */
      min_tools: z.optional(positive),
    }),
  ]),
)

const serverTools = lazySchema(() =>
  z.strictObject({
    /** Web search. */
    web_search: z.optional(webSearch),
    /** Web fetch. */
    web_fetch: z.optional(webFetch),
    /** Search of deferred tools; false loads them all. */
    tool_search: z.optional(toolSearch),
    /** Seconds after which an answer with tools pauses, instead of another model call (default 540). */
    max_seconds: z.optional(seconds),
    /** Requests to models, back ends and pages after which it pauses (default 900; 35 on the free plan of Workers). */
    max_subrequests: z.optional(positive),
  }),
)

const modelServerTools = lazySchema(() =>
  z.strictObject({
    /** Web search; false where the model is not to have it. */
    web_search: z.optional(z.union([z.literal(false), webSearch])),
    /** Web fetch; false where the model is not to have it. */
    web_fetch: z.optional(z.union([z.literal(false), webFetch])),
    /** Search of deferred tools; false loads them all. */
    tool_search: z.optional(toolSearch),
  }),
)

const target = z.strictObject({
  /** Name of a provider under `providers`. */
  provider: z.string(),
  /** The model's name at the provider; `*` is replaced by what the id's `*` matched. */
  model: text,
  /** How this model differs from what the dialect expects (docs/reference/quirks.md). */
  quirks,
  /** Context window in tokens, if it differs from the model's. Longer requests skip this target. */
  max_input_tokens: z.optional(positive),
  /** Price at this provider, if it differs from the model's. */
  price: z.optional(price),
  /** Share of the requests among targets of equal priority. */
  weight: z.optional(z.number().check(z.positive())),
  /** Lower is tried first (default 0); targets of equal priority are tried in the order listed. */
  priority: z.optional(z.number().check(z.int())),
  /** Where the target computes, as requests with `inference_geo` ask: `us`, `eu`. */
  geo: z.optional(text),
  /** Requests with `speed: "fast"` try it first. */
  speed: z.optional(z.literal('fast')),
  /** Requests with `service_tier: "auto"` try it first, with `standard_only` last. */
  service_tier: z.optional(z.literal('priority')),
})
export type CatalogTarget = z.infer<typeof target>

const capabilities = lazySchema(() =>
  z.strictObject({
    /** Message batches. */
    batch: flag,
    /** Citations of documents. */
    citations: flag,
    /** Code execution on the provider's servers. */
    code_execution: flag,
    /** Context editing and compaction. */
    context_management: flag,
    /** Levels of effort. */
    effort: flag,
    /** Images in prompts. */
    image_input: flag,
    /** PDFs in prompts. */
    pdf_input: flag,
    /** Tools that run on the provider's servers. */
    server_tools: flag,
    /** Output that follows a JSON schema. */
    structured_outputs: flag,
    /** Reasoning before the answer. */
    thinking: flag,
  }),
)
export type Capabilities = z.infer<typeof capabilities>

const model = z.strictObject({
  /** What clients ask for; `*` matches anything. */
  id: z.string(),
  /** Shown by `/v1/models` (default: the id). */
  display_name: z.optional(text),
  /** Release date, by which `/v1/models` is sorted. */
  created_at: z.optional(timestamp),
  /** Context window in tokens. */
  max_input_tokens: z.optional(positive),
  /** Greatest number of output tokens. */
  max_tokens: z.optional(positive),
  /** What the model supports. Anything that is not listed is unknown, and treated as supported. */
  capabilities: z.optional(capabilities),
  /** A retired model is not served. */
  lifecycle: z.optional(z.enum(['active', 'deprecated', 'retired'])),
  /** When it was deprecated. */
  deprecated_at: z.optional(timestamp),
  /** When it will be retired. */
  retires_at: z.optional(timestamp),
  /** Model line, as `/v1/models` reports it. */
  line: z.optional(text),
  /** Whether `/v1/models` lists it; ids with a `*` never are. */
  listed: flag,
  /** Where requests are sent: the first target, and the next ones if it fails. */
  targets: z.array(target).check(z.minLength(1)),
  /** Price, for budgets and usage reports. Zeros mean free; keys with a budget may not use a model without a price. */
  price: z.optional(price),
  /** Whether prompts and answers are recorded, where the catalog has `recording`, and neither the key nor its group says (default `none`). */
  record: z.optional(z.enum(['none', 'errors', 'all'])),
  /** Server tools of this model, where they differ from the catalog's. */
  server_tools: z.optional(modelServerTools),
  /** `native`: by the provider, if its dialect can count; otherwise the gateway estimates. */
  count_tokens: z.optional(z.enum(['local', 'native'])),
})
export type CatalogModel = z.infer<typeof model>

const safeguards = lazySchema(() =>
  z.strictObject({
    /** Id or alias of the model that judges tool calls; keys pay for it by its price. */
    model: z.string(),
  }),
)

const files = lazySchema(() =>
  z.strictObject({
    /** Whether clients may download the files that they uploaded (default false, as at Anthropic). */
    downloadable: flag,
  }),
)

const compaction = lazySchema(() =>
  z.strictObject({
    /** Id or alias of the model that writes summaries; keys pay for it by its price. */
    model: z.string(),
  }),
)

const recording = lazySchema(() =>
  z.strictObject({
    /** Share of the requests to record, 0 to 1 (default 1). */
    sample: z.optional(z.number().check(z.gte(0), z.lte(1))),
    /** What is removed from recordings (default: all); an empty list removes nothing. */
    redact: z.optional(z.array(z.enum(['email', 'card', 'phone', 'key']))),
  }),
)

const secretName = z.string().check(z.regex(/^[A-Za-z_]\w*$/))

const alertSink = lazySchema(() =>
  z.strictObject({
    /** Name of the Worker secret with the URL, to which alerts are posted. */
    url_secret: secretName,
    /** Name of the Worker secret by which requests are signed (Standard Webhooks), such as `whsec_…`. */
    signing_secret: z.optional(secretName),
    /** Format of the body: `generic` (default), or `slack` for an incoming webhook of Slack. */
    format: z.optional(z.enum(formats)),
    /** Kinds of alerts (default: all). */
    on: z.optional(z.array(z.enum(alertKinds)).check(z.minLength(1))),
  }),
)

const batches = lazySchema(() =>
  z.strictObject({
    /** Days after its creation for which the results of a batch are kept (default 29, as at Anthropic). */
    retention_days: z.optional(positive),
  }),
)

export const catalogSchema = z.strictObject({
  /** JSON schema for editors; not read by the gateway. */
  $schema: z.optional(z.string()),
  /** Version of this format. */
  version: z.literal(1),
  /** Servers of models, by a name of your choice. */
  providers: z.record(z.string(), provider),
  /** Models that clients can ask for. */
  models: z.array(model),
  /** Tools that the gateway runs for models that are not Anthropic's. */
  server_tools: z.optional(serverTools),
  /** Other names for models; `*` matches anything. */
  aliases: z.optional(z.record(z.string(), z.string())),
  /** Answers the safety check of Claude Code's auto mode for models of other protocols (default: not answered). */
  safeguards: z.optional(safeguards),
  /** Files that clients upload. */
  files: z.optional(files),
  /** Sign-in: how persons and pipelines get keys of their own (docs/guides/sign-in.md). */
  identity: z.optional(identitySchema),
  /** Writes the summaries of long conversations for models of other protocols (default: the model that was asked for). */
  compaction: z.optional(compaction),
  /** Lets keys, groups and models have prompts and answers recorded in R2 (docs/guides/recording.md; default: nothing is). */
  recording: z.optional(recording),
  /** Receivers of alerts (docs/guides/alerts.md). */
  alerts: z.optional(z.array(alertSink).check(z.maxLength(10))),
  /** Message batches. */
  batches: z.optional(batches),
})
export type Catalog = z.infer<typeof catalogSchema>
