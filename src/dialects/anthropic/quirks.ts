/**
 * How hosts of Anthropic's protocol differ from Anthropic. Data, not code: presets and the catalog set
 * these flags for a provider or a model. If none is set, bodies pass through byte for byte.
 */
import * as z from 'zod/mini'

import { lazySchema } from '../../platform/lazy-schema.ts'

/** Built at its first use: schemas are most of what a cold start evaluates. */
function createSchema() {
  return z.strictObject({
    // Parameters: which parts of a request a host accepts.
    /** The top-level fields that the host accepts; null if it accepts all. Others are removed. */
    fields: z.nullable(z.array(z.string())),
    /** The values of `anthropic-beta` that the host accepts; null if it accepts all (https://docs.claude.com/en/api/beta-headers). */
    betas: z.nullable(z.array(z.string())),
    /** Top-level fields that the host is known to reject. They are removed. */
    omit_fields: z.array(z.string()),
    /** Values of `anthropic-beta` that the host is known to reject. They are removed. */
    omit_betas: z.array(z.string()),
    /**
     * The `cache_control` that the host accepts: any; only `{"type": "ephemeral"}`, and never on thinking; or
     * none (https://docs.claude.com/en/docs/build-with-claude/prompt-caching).
     */
    cache_control: z.enum(['as_is', 'plain', 'none']),
    /** A field or beta that the host rejects by name is omitted, and the request retried once; false for Anthropic's own servers, whose errors clients handle. */
    omit_refused: z.boolean(),
    // Thinking: what of it a host verifies.
    /** Thinking without a signature is sent; false for hosts of Claude, which verify signatures (https://docs.claude.com/en/docs/build-with-claude/extended-thinking). */
    unsigned_thinking: z.boolean(),
    /** The tool calls that require thinking in their turn while thinking is on: those of the last turn, if they are open; all; or none. If one lacks it, thinking is disabled for the request. */
    call_thinking: z.enum(['open', 'all', 'none']),
  })
}

/** The quirks of a host of Anthropic's protocol, with defaults filled in. */
export type AnthropicQuirks = z.infer<ReturnType<typeof createSchema>>

/** The schema of those quirks in a preset or the catalog, all optional. */
export const anthropicQuirks = lazySchema(() => z.exactPartial(createSchema()))

/** The flags of an unknown host, which is expected to accept everything that Anthropic accepts. */
export const defaultAnthropicQuirks: AnthropicQuirks = {
  fields: null,
  betas: null,
  omit_fields: [],
  omit_betas: [],
  cache_control: 'as_is',
  omit_refused: true,
  unsigned_thinking: true,
  call_thinking: 'open',
}
