/**
 * The catalog's schema: what an operator writes. Unknown fields are rejected, since a misspelled
 * one would be ignored silently. Rules that a schema cannot express are in check.ts. The doc
 * comments at fields are what editors show (see docs/reference/catalog.schema.json).
 */
import * as z from 'zod/mini'

import { alertKinds } from '../../alerts/alert.ts'
import { formats } from '../../alerts/sink.ts'
import { lazySchema } from '../../platform/lazy-schema.ts'
import { modelSchema } from './model.ts'
import { providerSchema } from './provider.ts'
import { serverToolsSchema } from './server-tools.ts'
import { identitySchema } from './sign-in.ts'
import { flag, positive } from './values.ts'

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

/** The schema of the catalog document. */
export const catalogSchema = z.strictObject({
  /** JSON schema for editors; not read by the gateway. */
  $schema: z.optional(z.string()),
  /** Version of this format. */
  version: z.literal(1),
  /** Servers of models, by a name of your choice. */
  providers: z.record(z.string(), providerSchema),
  /** Models that clients can ask for. */
  models: z.array(modelSchema),
  /** Tools that the gateway runs for models that are not Anthropic's. */
  server_tools: z.optional(serverToolsSchema),
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

/** A catalog document that fits the schema. */
export type Catalog = z.infer<typeof catalogSchema>
