/** A model in the catalog, and the targets that serve it. */
import * as z from 'zod/mini'

import { lazySchema } from '../../platform/lazy-schema.ts'
import { priceSchema } from './price.ts'
import { modelServerToolsSchema } from './server-tools.ts'
import { flag, positive, quirks, text } from './values.ts'

const timestamp = z.optional(z.iso.datetime({ offset: true }))
const label = z.optional(text)
const tokens = z.optional(positive)
const price = z.optional(priceSchema)

const target = z.strictObject({
  /** Name of a provider under `providers`. */
  provider: z.string(),
  /** The model's name at the provider; `*` is replaced by what the id's `*` matched. */
  model: text,
  /** How this model differs from what the dialect expects (docs/reference/quirks.md). */
  quirks,
  /** Context window in tokens, if it differs from the model's. Longer requests skip this target. */
  max_input_tokens: tokens,
  /** Price at this provider, if it differs from the model's. */
  price,
  /** Share of the requests among targets of equal priority. */
  weight: z.optional(z.number().check(z.positive())),
  /** Lower is tried first (default 0); targets of equal priority are tried in the order listed. */
  priority: z.optional(z.number().check(z.int())),
  /** The geography in which the target computes, as requests ask for it with `inference_geo`: `us`, `eu`. */
  geo: label,
  /** Requests with `speed: "fast"` try it first. */
  speed: z.optional(z.literal('fast')),
  /** Requests with `service_tier: "auto"` try it first, with `standard_only` last. */
  service_tier: z.optional(z.literal('priority')),
})

/** A target of a model, as the catalog has it. */
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

/** What a model can do, as far as the catalog states it. */
export type Capabilities = z.infer<typeof capabilities>

/** The schema of an entry of `models`. */
export const modelSchema = z.strictObject({
  /** What clients ask for; `*` matches anything. */
  id: z.string(),
  /** Shown by `/v1/models` (default: the id). */
  display_name: label,
  /** Release date, by which `/v1/models` is sorted. */
  created_at: timestamp,
  /** Context window in tokens. */
  max_input_tokens: tokens,
  /** Greatest number of output tokens. */
  max_tokens: tokens,
  /** What the model supports. Anything that is not listed is unknown, and treated as supported. */
  capabilities: z.optional(capabilities),
  /** A retired model is not served. */
  lifecycle: z.optional(z.enum(['active', 'deprecated', 'retired'])),
  /** When it was deprecated. */
  deprecated_at: timestamp,
  /** When it will be retired. */
  retires_at: timestamp,
  /** Model line, as `/v1/models` reports it. */
  line: label,
  /** Whether `/v1/models` lists it; ids with a `*` never are. */
  listed: flag,
  /** The targets of requests: the first one, and the next ones if it fails. */
  targets: z.array(target).check(z.minLength(1)),
  /** Names of the models that continue, in this order, where this one declines and the request says `"fallbacks": "default"`. */
  fallbacks: z.optional(z.array(text).check(z.minLength(1), z.maxLength(3))),
  /** Price, for budgets and usage reports. Zeros mean free; keys with a budget may not use a model without a price. */
  price,
  /** Whether prompts and answers are recorded, where the catalog has `recording`, and neither the key nor its group sets it (default `none`). */
  record: z.optional(z.enum(['none', 'errors', 'all'])),
  /** Server tools of this model, where they differ from the catalog's. */
  server_tools: z.optional(modelServerToolsSchema),
  /** `native`: by the provider, if its dialect can count; otherwise the gateway estimates. */
  count_tokens: z.optional(z.enum(['local', 'native'])),
})

/** An entry of `models` in the catalog. */
export type CatalogModel = z.infer<typeof modelSchema>
